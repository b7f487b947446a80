#!/usr/bin/env node
import { writeSync } from 'node:fs'

declare const SNOOP_CLI_VERSION: string

const argv = process.argv.slice(2)
const [only = ''] = argv

if (argv.length === 1 && ['--version', '-V', 'version'].includes(only)) {
  // Scripts and shells ask this most: nothing is loaded for it, not even the streams.
  try {
    writeSync(1, `snoop ${SNOOP_CLI_VERSION}\n`)
  } catch {
    // The reader went away.
  }
} else {
  const { runInProcess } = await import('./run-in-process')
  await runInProcess(argv)
}
