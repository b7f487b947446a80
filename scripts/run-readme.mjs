// Runs the commands and the program of README.md against a real server, as they stand there.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { inRepository } from './repository.mjs'
import { runProcess } from './run-process.mjs'
import { withServer } from './server/with-server.mjs'

const PASSWORD = 'a-long-secure-passphrase'
const readme = readFileSync(inRepository('README.md'), 'utf8')

/** The code below a heading. */
const codeUnder = heading => {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0]
  const code = /```\w+\n([\s\S]*?)```/.exec(section ?? '')?.[1]
  if (code === undefined) throw new Error(`README.md has no code under "${heading}"`)
  return code
}

/** A terminal is not here to type the password into. */
const withTypedPassword = script =>
  script.replace(/^(snoop login \S+ \S+)/m, `printf '%s' '${PASSWORD}' | $1 --password-stdin`)

const program = async source => {
  // Where `@snoop/sdk` is found as its users find it: built.
  const path = inRepository('examples', 'node_modules', '.snoop', 'readme.mjs')
  const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'node20' })
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, code)
  return `node '${path}'`
}

await withServer(async ({ server, folder }) => {
  const snoop = `snoop() { node '${inRepository('packages', 'cli', 'dist', 'main.js')}' "$@"; }`
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    SNOOP_URL: server.url,
    SNOOP_CREDENTIAL_STORE: 'file',
  }
  const steps = [
    'set -euo pipefail',
    snoop,
    codeUnder('Quick start with curl'),
    withTypedPassword(codeUnder('Quick start in the terminal')),
    'export SNOOP_API_KEY="$KEY"',
    await program(codeUnder('Quick start with the SDK')),
  ]
  const { code, output } = await runProcess('bash', ['-c', steps.join('\n')], { env, cwd: folder })
  // The three projects, each made by another way in, and each seen by the last one.
  const seen = output.trim().split('\n').slice(-3).sort().join(' ')
  if (code === 0 && seen === 'Blog Docs Shop' && !output.includes('"success":false')) return
  console.error(`README.md ended with ${code}:\n${output}`)
  process.exitCode = 1
})
console.log('README.md run')
