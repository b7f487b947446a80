import { Secret, TOTP } from 'otpauth'
import type { DomainContext } from '../domain-context'

/** RFC 6238 as every authenticator app knows it; some apps overlook other choices without a word. */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 } as const
/** 160 bits (RFC 4226, section 4, R6). */
const SECRET_BYTES = 20
/** Steps that a clock may be ahead or behind (RFC 6238, section 5.2). */
const WINDOW_STEPS = 1

/** @returns a new secret in base32 */
export const createTotpSecret = (randomBytes: DomainContext['randomBytes']): string =>
  Secret.fromHex(randomBytes(SECRET_BYTES).toString('hex')).base32

/**
 * The URI that an authenticator app reads from a QR code ("Key URI Format" of Google Authenticator). The issuer is the
 * origin's host without its port, as an issuer may hold no colon.
 * @param secret in base32
 */
export const totpUri = (secret: string, { origin, email }: { origin: string; email: string }): string =>
  new TOTP({ ...PARAMETERS, issuer: new URL(origin).hostname, label: email, secret }).toString()

/**
 * The time step whose code this is: the one of now, the one before or the one after. Compares in constant time. Pure.
 * @param secret in base32
 * @param now milliseconds since 1970
 */
export const findTotpStep = (secret: string, code: string, now: number): number | undefined => {
  if (!/^\d{6}$/.test(code)) return undefined
  const time = { ...PARAMETERS, timestamp: now }
  const distance = TOTP.validate({
    ...time,
    token: code,
    secret: Secret.fromBase32(secret),
    window: WINDOW_STEPS,
  })
  return distance === null ? undefined : TOTP.counter(time) + distance
}
