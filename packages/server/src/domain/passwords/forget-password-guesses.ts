import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { devicePasswordSubject, passwordSubject, sessionPasswordSubject } from '../guesses/take-guess'

/**
 * Forgets the guesses at the password of an account, from wherever they were made: something else has proved who it is,
 * or there is another password to guess at.
 */
export const forgetPasswordGuesses = async (
  context: DomainContext,
  stores: Stores,
  { id, email }: Pick<UserRow, 'id' | 'email'>,
): Promise<void> => {
  const devices = await stores.devices.listLive(id, context.clock())
  await stores.guessCounters.delete([
    passwordSubject(context, email),
    sessionPasswordSubject(context, id),
    ...devices.map(device => devicePasswordSubject(context, device.id)),
  ])
}
