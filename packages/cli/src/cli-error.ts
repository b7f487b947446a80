import { EXIT, type ExitCode } from './exit-codes'

/** What a failure tells besides its message. */
export interface CliErrorDetails {
  /** Stable: the API's own code, or one of ours in lower case such as `keychain.locked`, so that the two never collide. */
  readonly code: string
  readonly exit: ExitCode
  /** What to do about it: one command or sentence a line. */
  readonly hint?: string | undefined
  /** HTTP status, where the server answered. */
  readonly status?: number | undefined
  /** Fields that the server refused. */
  readonly fields?: readonly { readonly field: string; readonly error: string }[] | undefined
  /** Seconds to wait before trying again. */
  readonly retryAfter?: number | undefined
  readonly requestId?: string | undefined
  readonly cause?: unknown
}

/** A failure that is ready to be shown: it never holds a secret. */
export class CliError extends Error {
  readonly details: CliErrorDetails

  constructor(message: string, details: CliErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'CliError'
    this.details = details
  }
}

/** The command line asks for something that cannot be: exit 2. */
export const usageError = (message: string, hint?: string): CliError =>
  new CliError(message, { code: 'usage', exit: EXIT.USAGE, hint })

/** The person pressed Ctrl-C: exit 130. */
export const interrupted = (): CliError =>
  new CliError('Stopped.', { code: 'interrupted', exit: EXIT.INTERRUPTED })
