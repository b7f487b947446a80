import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { BrokerAnswer, BrokerRequest } from './broker-protocol'
import { KeychainFailure, type OpenCredentialStore } from './credential-store'
import { classifyKeychainError } from './keychain-failure'

/** All that the keychain process may know of our environment: how to reach the desktop's bus. */
const PASSED_VARIABLES = [
  'DBUS_SESSION_BUS_ADDRESS',
  'DISPLAY',
  'HOME',
  'LANG',
  'PATH',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'XDG_RUNTIME_DIR',
]

export interface BrokerOptions {
  /** The built `keychain-process.js`. */
  readonly script: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** After this long without an answer the process is killed. */
  readonly deadlineMs: number
  /** Kills it too. */
  readonly signal: AbortSignal
  /** Called once if the first answer is not there after three seconds and the deadline is later. */
  readonly onWaiting: () => void
}

interface Pending {
  readonly resolve: (value: string | boolean | null) => void
  readonly reject: (error: unknown) => void
  readonly stopTimer: () => void
}

const NOTICE_AFTER_MS = 3000

const parseAnswer = (line: string): BrokerAnswer | undefined => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const childEnvironment = (env: BrokerOptions['env']): Record<string, string> =>
  Object.fromEntries(
    PASSED_VARIABLES.flatMap(name => {
      const value = env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )

/**
 * The system keychain behind a child process that can be killed. Secrets travel over its pipes, never in its
 * arguments or environment. The process starts with the first request and ends with `close` (or with its parent).
 * After one failure to answer in time, every further request fails at once.
 */
export const brokerKeychain = (options: BrokerOptions): OpenCredentialStore => {
  const queue: Pending[] = []
  let child: ChildProcess | undefined
  let broken: KeychainFailure | undefined

  options.signal.addEventListener('abort', () =>
    fail(new KeychainFailure('unavailable', 'The keychain was closed.')),
  )

  const settle = (answer: BrokerAnswer): void => {
    const pending = queue.shift()
    pending?.stopTimer()
    if (answer.ok) pending?.resolve(answer.value)
    else pending?.reject(classifyKeychainError(answer.error))
  }

  const fail = (failure: KeychainFailure): void => {
    broken ??= failure
    child?.kill('SIGKILL')
    for (const pending of queue.splice(0)) {
      pending.stopTimer()
      pending.reject(broken)
    }
  }

  const start = (): ChildProcess => {
    const started = spawn(process.execPath, [options.script], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: childEnvironment(options.env),
    })
    const ended = () => fail(new KeychainFailure('unavailable', 'The keychain process ended early.'))
    started.on('error', ended)
    started.on('exit', ended)
    started.stdin.on('error', ended)
    createInterface({ input: started.stdout }).on('line', line => {
      const answer = parseAnswer(line)
      if (answer === undefined) ended()
      else settle(answer)
    })
    return started
  }

  const startTimers = (): (() => void) => {
    const { deadlineMs, onWaiting } = options
    const seconds = Math.round(deadlineMs / 1000)
    const notice = deadlineMs > NOTICE_AFTER_MS ? setTimeout(onWaiting, NOTICE_AFTER_MS) : undefined
    const deadline = setTimeout(
      () => fail(new KeychainFailure('timeout', `The keychain did not answer in ${seconds} s.`)),
      deadlineMs,
    )
    return () => {
      clearTimeout(notice)
      clearTimeout(deadline)
    }
  }

  const ask = (request: BrokerRequest): Promise<string | boolean | null> =>
    new Promise((resolve, reject) => {
      if (broken !== undefined) return reject(broken)
      child ??= start()
      queue.push({ resolve, reject, stopTimer: startTimers() })
      child.stdin?.write(`${JSON.stringify(request)}\n`)
    })

  return {
    async getPassword(service, account) {
      const value = await ask({ method: 'getPassword', service, account })
      return typeof value === 'string' ? value : null
    },
    async setPassword(service, account, password) {
      await ask({ method: 'setPassword', service, account, password })
    },
    async deletePassword(service, account) {
      return (await ask({ method: 'deletePassword', service, account })) === true
    },
    close() {
      child?.removeAllListeners('exit')
      fail(new KeychainFailure('unavailable', 'The keychain was closed.'))
    },
  }
}
