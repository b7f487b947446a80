// How long the built program takes to start, over a bare `node -e 0`: medians of paired runs, since the absolute
// times drift with the machine. Usage: node bench/startup.mjs [pairs]
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const CASES = [
  ['--version'],
  ['version'],
  ['--help'],
  ['keys', 'rotate', '--help'],
  ['nonsense'],
  ['completion', 'bash'],
  ['whoami'],
  ['api', '--list'],
]
const pairs = Number(process.argv[2] ?? 15)
// Signed out, so that `whoami` is the time to a refusal.
const env = { PATH: process.env.PATH, HOME: '/nonexistent' }

const timeMs = args => {
  const startedMs = performance.now()
  spawnSync(process.execPath, args, { env, stdio: 'ignore' })
  return performance.now() - startedMs
}

const median = numbers => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]

for (const args of CASES) {
  const runs = Array.from({ length: pairs }, () => ({
    bare: timeMs(['-e', '0']),
    own: timeMs([PROGRAM, ...args]),
  }))
  const ratio = median(runs.map(({ bare, own }) => own / bare))
  const added = median(runs.map(({ bare, own }) => own - bare))
  console.log(`snoop ${args.join(' ').padEnd(22)} ${ratio.toFixed(2)} x node, +${added.toFixed(0)} ms`)
}
