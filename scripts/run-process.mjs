import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * The exit code that a shell would give for an ended process.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export const exitCodeOf = (code, signal) => code ?? 128 + (signal ? constants.signals[signal] : 0)

/**
 * Runs a program to its end and keeps what it printed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & { input?: string, echo?: boolean }} [options]
 *   `input` goes to its standard input (which is empty otherwise); `echo` also shows the output as it comes
 * @returns {Promise<{ code: number, stdout: string, output: string }>} `output` is both streams in the order they came
 */
export const runProcess = (command, args, { input = '', echo = false, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
    const chunks = { stdout: '', both: '' }
    const keep = (stream, target) => {
      stream.setEncoding('utf8')
      stream.on('data', text => {
        chunks.both += text
        if (stream === child.stdout) chunks.stdout += text
        if (echo) target.write(text)
      })
    }
    keep(child.stdout, process.stdout)
    keep(child.stderr, process.stderr)
    child.on('error', reject)
    child.on('close', (code, signal) =>
      resolve({ code: exitCodeOf(code, signal), stdout: chunks.stdout, output: chunks.both }),
    )
    child.stdin.on('error', () => {}) // A program that reads no input closes it early.
    child.stdin.end(input)
  })

/**
 * Runs a program on this terminal. Ctrl-C reaches it by the terminal; a signal sent to us alone is passed on.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} its exit code
 */
export const runOnTerminal = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: 'inherit' })
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
  })

/** npm's programs are `.cmd` files on Windows, which only a shell starts. */
export const npmShell = { shell: process.platform === 'win32' }
