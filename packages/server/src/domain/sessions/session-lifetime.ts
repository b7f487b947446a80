const DAY_MS = 24 * 3600 * 1000
/** A session that is not used for this long ends. */
export const IDLE_LIFETIME_MS = 7 * DAY_MS
/** A session ends after this long whatever its use. */
const ABSOLUTE_LIFETIME_MS = 30 * DAY_MS
const RENEW_AFTER_MS = DAY_MS

const FRESH_FOR_MS = 15 * 60 * 1000

/** Whether the user proved who they are lately enough for what could take the account away (native contract, section 1). */
export const isFresh = (session: { readonly authenticated_at: number }, now: number): boolean =>
  now - session.authenticated_at < FRESH_FOR_MS

/** When a session made at `createdAt` ends, if it is renewed at `now`. */
export const sessionExpiry = (createdAt: number, now: number): number =>
  Math.min(now + IDLE_LIFETIME_MS, createdAt + ABSOLUTE_LIFETIME_MS)

/** Sliding, but written at most once a day. @returns the new end, or undefined if it is not time yet */
export const decideRenewal = (
  session: { readonly created_at: number; readonly renewed_at: number; readonly expires_at: number },
  now: number,
): number | undefined => {
  if (now - session.renewed_at < RENEW_AFTER_MS) return undefined
  const expiresAt = sessionExpiry(session.created_at, now)
  return expiresAt > session.expires_at ? expiresAt : undefined
}
