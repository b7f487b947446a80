import type { AccountRecord, KeyRecord, SessionRecord } from './account-records'

/** What a command needs from a credential. */
export interface Need {
  /** `session`: the session if there is one, since keys rarely may do this. `key`: the profile's key if it suffices. */
  readonly prefer: 'key' | 'session'
  /** A key that lacks one of these does not suffice. */
  readonly scopes: readonly string[]
  /** No key suffices, whatever its scopes. */
  readonly sessionOnly?: boolean
  /** The call is about the devices of the account: this one's cookie goes along with the session. */
  readonly withDevice?: boolean
}

/** No key will do. */
export const NEEDS_SESSION: Need = { prefer: 'session', scopes: [], sessionOnly: true }

export type CredentialChoice =
  | { readonly kind: 'environment' }
  | { readonly kind: 'key'; readonly record: KeyRecord }
  | { readonly kind: 'session'; readonly record: SessionRecord }
  /** `why` names what is there and does not do. */
  | {
      readonly kind: 'none'
      readonly why: 'signed_out' | 'key_expired' | 'session_expired' | 'session_needed'
    }

const isLive = (expiresAt: string | null, nowMs: number): boolean =>
  expiresAt === null || Date.parse(expiresAt) > nowMs

/**
 * Decides which credential a call is made with: the environment's key before all, then by what the command needs.
 * A key that is known to lack a scope gives way to a live session; without one it is sent all the same, so that the
 * server says what is missing.
 */
export const chooseCredential = (
  hasEnvironmentKey: boolean,
  account: AccountRecord,
  need: Need,
  nowMs: number,
): CredentialChoice => {
  if (hasEnvironmentKey) return { kind: 'environment' }
  const key = account.key !== null && isLive(account.key.expiresAt, nowMs) ? account.key : undefined
  const session =
    account.session !== null && isLive(account.session.expiresAt, nowMs) ? account.session : undefined
  const keySuffices =
    key !== undefined && !need.sessionOnly && need.scopes.every(scope => key.scopes.includes(scope))

  if (session !== undefined && (need.prefer === 'session' || !keySuffices))
    return { kind: 'session', record: session }
  if (key !== undefined && !need.sessionOnly) return { kind: 'key', record: key }
  if (key !== undefined) return { kind: 'none', why: account.session ? 'session_expired' : 'session_needed' }
  if (account.key !== null) return { kind: 'none', why: 'key_expired' }
  return { kind: 'none', why: account.session ? 'session_expired' : 'signed_out' }
}
