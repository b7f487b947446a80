// Checks the built package as users get it. Run after a build: pnpm --filter @snoop/sdk check:package
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const manifest = require('../package.json')

const copies = async entry => {
  const { import: esm, require: cjs } = manifest.exports[entry]
  return [await import(new URL(`../${esm.default}`, import.meta.url).href), require(`../${cjs.default}`)]
}

/** Files that an entry loads at once, by following its static imports. */
const loadedFiles = file => {
  const text = readFileSync(file, 'utf8')
  const named = [
    ...text.matchAll(/^(?:import|export)[^'"]*['"](\.[^'"]+)['"]|^var \w+ = require\('(\.[^']+)'\)/gm),
  ]
  const inner = named.map(match => fileURLToPath(new URL(match[1] ?? match[2], `file://${file}`)))
  return [text, ...inner.flatMap(loadedFiles)]
}
const packagesLoadedBy = file => {
  const names = loadedFiles(file).flatMap(text => [
    ...text.matchAll(
      /^(?:import|export)[^'"\n]*['"]([^.'"][^'"]*)['"]|^var \w+ = require\(['"]([^.'"][^'"]*)['"]\)/gm,
    ),
  ])
  return [...new Set(names.map(match => match[1] ?? match[2]))]
}

for (const [entry, { import: esm, require: cjs }] of Object.entries(manifest.exports).filter(
  ([, value]) => value.import,
)) {
  test(`${entry} loads zod alone when it is imported: undici and tough-cookie wait for their first use`, () => {
    for (const file of [esm.default, cjs.default])
      assert.deepEqual(packagesLoadedBy(`${root}${file}`), ['zod'])
  })

  test(`${entry} has the same names in both module systems`, async () => {
    const [first, second] = (await copies(entry)).map(copy => Object.keys(copy).sort())
    assert.deepEqual(first, second)
    assert.ok(first.length > 0)
  })
}

test('an error of the CommonJS copy is recognised by the ESM copy, and the other way round', async () => {
  const [esm, cjs] = await copies('.')
  assert.notEqual(esm.SnoopApiError, cjs.SnoopApiError)
  for (const [thrower, judge] of [
    [esm, cjs],
    [cjs, esm],
  ]) {
    const answer = async () =>
      Response.json({ success: false, status: 404, code: 'NOT_FOUND', message: 'm' }, { status: 404 })
    const client = thrower.createClient({ baseUrl: 'https://auth.example.com', fetch: answer })
    const error = await client.user.me().catch(thrown => thrown)
    assert.ok(judge.isSnoopError(error) && judge.SnoopApiError.is(error) && !judge.SnoopAbortError.is(error))
  }
})

test('a program that made a call and forgot to close the client ends by itself', async () => {
  const body = JSON.stringify({ success: true, status: 200, code: 'OK', message: 'm', data: { id: 'u1' } })
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'application/json').end(body),
  )
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const baseUrl = `http://127.0.0.1:${server.address().port}`
    const program = `const { createClient } = await import('${new URL('../dist/index.js', import.meta.url)}')
      console.log((await createClient({ baseUrl: '${baseUrl}' }).user.me()).id)`
    const args = ['--input-type=module', '--eval', program]
    const { stdout, stderr } = await run(process.execPath, args, { timeout: 20_000 })
    assert.deepEqual([stdout, stderr], ['u1\n', ''])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('the tarball holds the build and no source', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root })
  const paths = JSON.parse(stdout)[0].files.map(file => file.path)
  assert.ok(paths.includes('README.md'))
  assert.deepEqual(
    paths.filter(path => !/^(README\.md|LICENSE|package\.json|dist\/[\w/-]+\.(c?js|d\.c?ts))$/.test(path)),
    [],
  )
})

test('a program that uses a dozen endpoints costs the compiler little', () => {
  const calls = [
    'user.me()',
    "user.update({ fullName: 'a' })",
    "auth.signInEmail({ email: 'a', password: 'b' })",
    'auth.listSessions()',
    "apiKeys.create({ name: 'a' })",
    'apiKeys.list({ limit: 5 })',
    "apiKeys.rotate({ keyId: 'a' })",
    'organizations.list()',
    "members.list({ organizationId: 'a' })",
    "projects.list({ organizationId: 'a', status: 'draft' })",
    "projects.create({ organizationId: 'a', name: 'b' })",
    'service.ready()',
  ]
  const lines = calls.map(call => `await client.${call}`)
  const code = [
    "import { createClient } from '@snoop/sdk'",
    "const client = createClient({ baseUrl: '' })",
    ...lines,
  ]
  const name = `${root}checks/program.mts`
  const options = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
  }
  const host = ts.createCompilerHost(options)
  const { fileExists, getSourceFile } = host
  host.fileExists = file => file === name || fileExists(file)
  host.getSourceFile = (file, target) =>
    file === name ? ts.createSourceFile(file, code.join('\n'), target) : getSourceFile(file, target)
  const program = ts.createProgram([name], options, host)
  const complaints = ts.getPreEmitDiagnostics(program, program.getSourceFile(name))
  assert.deepEqual(
    complaints.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    [],
  )
  assert.ok(program.getInstantiationCount() < 20_000, `${program.getInstantiationCount()} instantiations`)
})
