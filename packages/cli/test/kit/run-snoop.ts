import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface SnoopResult {
  /** The exit code; null if a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly durationMs: number
}

export interface SnoopOptions {
  readonly env: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Is given the process as soon as it runs. */
  readonly onStart?: (child: ChildProcess) => void
}

/** What a program needs of our environment; nothing of ours may decide a test. */
const BASE_ENV = { PATH: process.env.PATH ?? '', NO_COLOR: '1' }

const requireBuild = (): void => {
  if (!existsSync(PROGRAM)) throw new Error('The program is not built: run `pnpm build` first')
}

/** Runs the built program as a shell would, its output in pipes. */
export const runSnoop = (
  argv: readonly string[],
  { env, stdin, onStart }: SnoopOptions,
): Promise<SnoopResult> => {
  requireBuild()
  const startedMs = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...argv], { env: { ...BASE_ENV, ...env } })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr, durationMs: performance.now() - startedMs }))
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin ?? '')
    onStart?.(child)
  })
}
