// Runs each example against a real server, as a user of the SDK would.
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { inRepository } from './repository.mjs'
import { runProcess } from './run-process.mjs'
import { createAccount } from './server/create-account.mjs'
import { withServer } from './server/with-server.mjs'

const examples = readdirSync(inRepository('examples')).filter(name => name.endsWith('.ts'))

/** Into the examples' own folder, so that `@snoop/sdk` is found there as its users find it: built. */
const outdir = inRepository('examples', 'node_modules', '.snoop')
await build({
  entryPoints: examples.map(name => inRepository('examples', name)),
  outdir,
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  target: 'node20',
  logLevel: 'error',
})

await withServer(async ({ server, signal }) => {
  const { email, password, apiKey } = await createAccount(server, [
    'user:read',
    'projects:read',
    'projects:write',
  ])
  const account = { SNOOP_EMAIL: email, SNOOP_PASSWORD: password, SNOOP_API_KEY: apiKey }
  const env = { ...process.env, SNOOP_URL: server.url, ...account }
  for (const name of examples) {
    signal.throwIfAborted()
    const program = join(outdir, `${basename(name, '.ts')}.mjs`)
    const { code, output } = await runProcess(process.execPath, [program], { env })
    if (code === 0) continue
    console.error(`examples/${name} ended with ${code}:\n${output}`)
    process.exitCode = 1
  }
})
console.log(`${examples.length} examples run: ${examples.join(', ')}`)
