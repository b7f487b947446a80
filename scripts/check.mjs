// The project's checks. Usage: node scripts/check.mjs [--only NAME]… [--node BIN] [-- WORD…]
//   --only NAME   runs that check alone (may be repeated)
//   --node BIN    runs the tests by another Node.js
//   WORD          goes to vitest, such as the folder whose tests are to run
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inRepository, root } from './repository.mjs'
import { runOnTerminal, runProcess } from './run-process.mjs'

const { values: flags, positionals: testWords } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true, default: [] },
    node: { type: 'string', default: process.execPath },
  },
})

const inModules = (...path) => inRepository('node_modules', ...path)
const script = name => inRepository('scripts', name)
const runNode = (...args) => runProcess(process.execPath, args, { cwd: root })

/** So that a second check looks only at what changed. */
const rememberedTypes = ['--incremental', '--tsBuildInfoFile', inModules('.snoop', 'types.tsbuildinfo')]

/** Quick ones, which look at the files. All of them run, so that all that is wrong is seen at once. */
const staticChecks = {
  types: () => runNode(inModules('typescript', 'bin', 'tsc'), '-p', '.', ...rememberedTypes),
  lint: () => runNode(inModules('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.'),
  imports: () => runNode(script('check-imports.mjs')),
  engines: () => runNode(script('check-locked-engines.mjs')),
  docs: () => runNode(script('generate-docs.mjs'), '--check'),
  packages: () => runNode(script('check-packages.mjs')),
  surfaces: () => runNode(script('check-surfaces.mjs')),
  tracked: () => runNode(script('scan-tracked-files.mjs')),
}

/** Those that run Snoop. They need the packages to be built. */
const runningChecks = {
  tests: () => runTests(),
  examples: () => runNode(script('run-examples.mjs')),
  readme: () => runNode(script('run-readme.mjs')),
}

/** What the tests came to; printed last, in the form that any reader of a CI log knows. */
let totals

const runTests = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'snoop-check-'))
  const report = join(folder, 'report.json')
  try {
    const vitest = inModules('vitest', 'vitest.mjs')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const code = await runOnTerminal(flags.node, [vitest, 'run', ...reporters, ...testWords], {
      cwd: root,
      input: '',
    })
    totals = readTotals(report, code)
    const partsAreMissing = process.env.SNOOP_REQUIRE_ALL_PARTS === '1' && totals.skipped > 0
    return partsAreMissing ? { code: 1, output: 'Tests were skipped' } : { code, output: '' }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A run can fail with no failed test, by a file that does not load: it counts as one then. */
const readTotals = (report, code) => {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    )
    const failed = code === 0 ? numFailedTests : Math.max(numFailedTests, 1)
    return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

const indent = text =>
  text
    .trim()
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n')

const run = async check => {
  const startedAt = performance.now()
  const result = await check()
  return { ...result, seconds: (performance.now() - startedAt) / 1000 }
}

/** @returns {Promise<boolean>} whether it passed */
const report = async (name, running) => {
  const { code, output, seconds } = await running
  const lastLine = output.trim().split('\n').at(-1)
  console.log(
    `${code === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(9)} ${seconds.toFixed(1).padStart(6)} s  ${lastLine}`,
  )
  if (code !== 0) console.log(indent(output))
  return code === 0
}

/** @returns {Promise<string[]>} names of those that failed */
const runChecks = async (checks, { together }) => {
  const wanted = Object.entries(checks).filter(
    ([name]) => flags.only.length === 0 || flags.only.includes(name),
  )
  const started = together ? wanted.map(([, check]) => run(check)) : []
  const failed = []
  for (const [index, [name, check]] of wanted.entries()) {
    if (!(await report(name, started[index] ?? run(check)))) failed.push(name)
  }
  return failed
}

const known = Object.keys({ ...staticChecks, ...runningChecks })
const unknown = flags.only.filter(name => !known.includes(name))
if (unknown.length > 0) throw new Error(`No check is called ${unknown}; there are ${known.join(', ')}`)

const failed = await runChecks(staticChecks, { together: true })
if (failed.length === 0) failed.push(...(await runChecks(runningChecks, { together: false })))
console.log(failed.length === 0 ? '\nAll checks passed' : `\nFailed: ${failed.join(', ')}`)
if (totals !== undefined) {
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`)
}
process.exitCode = failed.length === 0 ? 0 : 1
