import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * The exit code that a shell would give for an ended process.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export const exitCodeOf = (code, signal) => code ?? 128 + (signal ? constants.signals[signal] : 0)

/**
 * Runs a program unseen and keeps what it printed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ code: number, stdout: string, output: string }>} `output` is both streams in the order they came
 */
export const runProcess = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let output = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      output += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: exitCodeOf(code, signal), stdout, output }))
  })

/**
 * Runs a program on this terminal. Ctrl-C reaches it by the terminal; a signal sent to us alone is passed on.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & { input?: string }} [options] `input` instead of the keyboard
 * @returns {Promise<number>} its exit code
 */
export const runOnTerminal = (command, args, { input, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const stdin = input === undefined ? 'inherit' : 'pipe'
    const child = spawn(command, args, { ...options, stdio: [stdin, 'inherit', 'inherit'] })
    const passOn = signal => {
      const cameByTerminal = signal === 'SIGINT' && process.stdin.isTTY
      if (!cameByTerminal) child.kill(signal)
    }
    process.on('SIGINT', passOn)
    process.on('SIGTERM', passOn)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      process.off('SIGINT', passOn)
      process.off('SIGTERM', passOn)
      resolve(exitCodeOf(code, signal))
    })
    child.stdin?.on('error', () => {}) // A program that reads no input closes it early.
    child.stdin?.end(input)
  })

/** npm's programs are `.cmd` files on Windows, which only a shell starts. */
export const npmShell = { shell: process.platform === 'win32' }
