import { composeTwoFactorCodeMail } from '../../mail/compose-two-factor-code-mail'
import type { Stores } from '../../storage/storage'
import type { TwoFactorRow } from '../../storage/stores/two-factor-store'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { keyedHash } from '../keyed-hash'

const VALID_FOR_MS = 10 * 60 * 1000
/** Nobody's mailbox is flooded with codes. */
const PAUSE_MS = 30 * 1000

const CODES = 1_000_000
/** Numbers of 32 bits from here on would make some codes likelier than others. */
const UNEVEN_FROM = 2 ** 32 - (2 ** 32 % CODES)

/** Six digits, each code as likely as any other. */
const createCode = ({ randomBytes }: DomainContext): string => {
  for (;;) {
    const number = randomBytes(4).readUInt32BE()
    if (number < UNEVEN_FROM) return String(number % CODES).padStart(6, '0')
  }
}

/** How a mailed code is stored: for one user, and for the sign-in or session that asked for it. */
export const hashMailedCode = (
  context: DomainContext,
  userId: string,
  boundTo: string,
  code: string,
): string => keyedHash(context, 'mailed-code', `${userId}\0${boundTo}\0${code}`)

const refuseHaste = (waitMs: number): DomainError => {
  const retryAfterSeconds = Math.ceil(waitMs / 1000)
  const message = `A code was sent just now. Wait ${retryAfterSeconds} seconds before you ask for another one.`
  return new DomainError('RATE_LIMIT_ERROR', { message, detail: { retryAfterSeconds } })
}

/**
 * Mails a code that counts for 10 minutes, once, and only for the id that it is bound to; one that was sent before is
 * dead. Call with the user locked; wake the mailer after the commit.
 * @param twoFactor the user's row
 * @param boundTo id of a challenge or session
 * @returns until when it counts
 * @throws DomainError RATE_LIMIT_ERROR within 30 seconds of the last one
 */
export const putMailedCode = async (
  context: DomainContext,
  stores: Stores,
  user: UserRow,
  { code_expires_at: lastExpiresAt }: Pick<TwoFactorRow, 'code_expires_at'>,
  boundTo: string,
): Promise<number> => {
  const { clock, mailer, settings } = context
  const expiresAt = clock() + VALID_FOR_MS
  const waitMs = lastExpiresAt === null ? 0 : lastExpiresAt + PAUSE_MS - expiresAt
  if (waitMs > 0) throw refuseHaste(waitMs)
  const code = createCode(context)
  await stores.twoFactors.update(user.id, {
    code_hash: hashMailedCode(context, user.id, boundTo, code),
    code_bound_to: boundTo,
    code_expires_at: expiresAt,
  })
  const recipient = { origin: settings.origin, to: user.email, name: user.full_name }
  await mailer.put(stores, composeTwoFactorCodeMail({ ...recipient, code, validForMs: VALID_FOR_MS }))
  return expiresAt
}
