import { type CreatedApiKey, SnoopApiError, SnoopConnectionError } from '@snoop/sdk'
import { CliError } from '../cli-error'
import type { CommandContext } from '../context'
import { EXIT } from '../exit-codes'
import { withClient } from '../http/with-client'
import { clearRotation, type RotationEntry } from './rotation-journal'

/** The server has certainly done nothing: asking again later would be a new rotation. */
const isFinal = ({ details: { status, cause } }: CliError): boolean => {
  if (SnoopConnectionError.is(cause)) return !cause.sent
  return (
    status !== undefined &&
    status >= 400 &&
    status < 500 &&
    status !== 401 &&
    status !== 408 &&
    status !== 429
  )
}

const rotatedElsewhere = (error: CliError, successorId: string): CliError =>
  new CliError('This key was rotated already, and its new secret is somewhere else.', {
    ...error.details,
    exit: EXIT.REFUSED,
    hint: `Its successor is ${successorId}. If nobody has it, revoke it and make another:\nsnoop login && snoop keys revoke ${successorId} && snoop keys create --use`,
  })

const unfinished = (error: CliError, keyId: string): CliError => {
  const signIn = error.details.exit === EXIT.SIGN_IN_NEEDED ? 'snoop login && ' : ''
  return new CliError(error.message, {
    ...error.details,
    hint: `The rotation is not finished. Go on where it stopped:  ${signIn}snoop keys rotate ${keyId}`,
  })
}

/**
 * Asks the server for the successor that the entry describes, or for a fresh secret of it if it was made before.
 * The entry stays in the journal if it is not certain that nothing was done.
 * @throws CliError
 */
export const requestSuccessor = async (
  context: CommandContext,
  entry: RotationEntry,
): Promise<CreatedApiKey> => {
  const { keyId, gracePeriod, expiresIn, idempotencyKey } = entry
  try {
    return await withClient(context, { prefer: 'session', scopes: ['api-keys:write'] }, ({ client, call }) =>
      client.apiKeys.rotate(
        { keyId, gracePeriod, ...(expiresIn !== null && { expiresIn }) },
        { ...call, idempotencyKey },
      ),
    )
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    if (!isFinal(error)) throw unfinished(error, keyId)
    await clearRotation(context, entry)
    const { cause } = error.details
    const successor = SnoopApiError.is(cause) ? cause.meta?.rotatedTo : undefined
    throw typeof successor === 'string' ? rotatedElsewhere(error, successor) : error
  }
}
