import { CliError, type CliErrorDetails, interrupted } from './cli-error'
import type { Surroundings } from './context'
import { EXIT } from './exit-codes'
import type { Paint } from './output/color'
import { jsonText, terminalSafe } from './output/terminal-text'

/** A parser's error is named only: its message quotes what it read, which may be a secret. */
const describeBug = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  return error instanceof SyntaxError ? error.name : `${error.name}: ${error.message}`
}

/** Turns whatever was thrown into a failure that can be shown. */
export const toCliError = async (
  error: unknown,
  around: Pick<Surroundings, 'env' | 'platform' | 'signal'>,
): Promise<CliError> => {
  if (around.signal.aborted)
    return around.signal.reason instanceof CliError ? around.signal.reason : interrupted()
  if (error instanceof CliError) return error
  if (error instanceof Error && error.name === 'KeychainFailure') {
    const { KeychainFailure } = await import('./keychain/credential-store')
    const { explainKeychainFailure } = await import('./keychain/keychain-failure')
    const { findKeychainPlace } = await import('./keychain/open-store')
    if (error instanceof KeychainFailure) return explainKeychainFailure(error, findKeychainPlace(around))
  }
  const text = describeBug(error)
  return new CliError(`This is a bug in snoop (${text}).`, {
    code: 'bug',
    exit: EXIT.BUG,
    hint: 'Please report it with the command that you gave, secrets left out. For the trace:  SNOOP_DEBUG=1',
    cause: error,
  })
}

const present = (details: CliErrorDetails): Record<string, unknown> => {
  const { fields, retryAfter, requestId } = details
  return {
    ...(fields && fields.length > 0 && { fields }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(requestId !== undefined && { requestId }),
  }
}

/** One line for programs: `{"error":{…}}`. */
export const errorJson = ({ message, details }: CliError): string =>
  `${jsonText(
    {
      error: {
        code: details.code,
        status: details.status ?? null,
        exit: details.exit,
        message,
        hint: details.hint ?? null,
        ...present(details),
      },
    },
    0,
  )}\n`

const indent = (text: string): string => text.replace(/^/gm, '  ')

/** A sentence and what to do, for people. */
export const errorText = ({ message, details }: CliError, paint: Paint): string => {
  const said = terminalSafe(message)
  const lines = [`${paint.red('✗')} ${said}`]
  if (details.hint) lines.push(indent(terminalSafe(details.hint)))
  if (details.exit === EXIT.SERVER_FAULT && details.requestId) {
    lines.push(paint.dim(`  Request ${terminalSafe(details.requestId)}`))
  }
  return `${lines.join('\n')}\n`
}
