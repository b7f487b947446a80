#!/usr/bin/env node
import { CLI_VERSION } from './version'

const argv = process.argv.slice(2)
const [first = ''] = argv

if (argv.length === 1 && ['--version', '-V', 'version'].includes(first)) {
  // By far the most frequent call of scripts and shells: nothing is loaded for it.
  process.stdout.write(`snoop ${CLI_VERSION}\n`)
} else {
  const { runInProcess } = await import('./run-in-process')
  await runInProcess(argv)
}
