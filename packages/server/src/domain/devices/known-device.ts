import type { Stores } from '../../storage/storage'
import type { DeviceRow } from '../../storage/stores/device-store'
import type { DomainContext } from '../domain-context'
import { hashSecret } from '../secret-hash'
import type { Visit } from '../sign-in/visit'
import { keptUserAgent } from './kept-user-agent'

const DAY_MS = 24 * 3600 * 1000
/** A device is remembered for so long after its last sign-in. */
const REMEMBERED_FOR_MS = 365 * DAY_MS
/** Asked for by the user, for the second factor. */
const TRUSTED_FOR_MS = 30 * DAY_MS

const TOKEN_LENGTH = 43

const readToken = ({ deviceToken }: Visit): string | undefined =>
  deviceToken?.length === TOKEN_LENGTH ? deviceToken : undefined

/**
 * The device of a visit, if it signed in to this account before.
 * @param userId undefined for no account: asks all the same, so that it takes as long
 */
export const findKnownDevice = async (
  { clock }: DomainContext,
  stores: Pick<Stores, 'devices'>,
  userId: string | undefined,
  visit: Visit,
): Promise<DeviceRow | undefined> => {
  const token = readToken(visit)
  return token === undefined ? undefined : stores.devices.findLive(userId ?? '', hashSecret(token), clock())
}

/** Whether this device need not prove a second factor now. */
export const isTrusted = (device: DeviceRow | undefined, now: number): boolean =>
  device?.trusted_until !== null && device?.trusted_until !== undefined && device.trusted_until > now

/**
 * Notes a sign-in of the device. Call with the user locked.
 * @param known what `findKnownDevice` found
 * @returns the secret for its cookie: the one that it has, or a new one
 */
export const rememberDevice = async (
  { clock, newId, randomBytes }: DomainContext,
  stores: Stores,
  userId: string,
  visit: Visit,
  { known, trust }: { readonly known: DeviceRow | undefined; readonly trust: boolean },
): Promise<string> => {
  const now = clock()
  const token = readToken(visit) ?? randomBytes(32).toString('base64url')
  const seen = {
    user_agent: keptUserAgent(visit.device),
    ip_address: visit.device.ipAddress,
    last_sign_in_at: now,
    expires_at: now + REMEMBERED_FOR_MS,
    ...(trust && { trusted_until: now + TRUSTED_FOR_MS }),
  }
  if (known) await stores.devices.update(known.id, seen)
  else {
    await stores.devices.insert({
      id: newId(),
      user_id: userId,
      token_hash: hashSecret(token),
      created_at: now,
      trusted_until: null,
      ...seen,
    })
  }
  return token
}
