import type { KeyFormat, KeyScope, PermissionMap, Scope } from '@snoop/sdk/contract'
import type { SessionRow } from '../../storage/stores/session-store'
import type { RateLimitRule } from '../rate-limits/decide-rate-limit'

/** Access tokens are of the surface that keys of this format are for. */
export const ACCESS_TOKEN_FORMAT = 'snpy' satisfies KeyFormat

interface PrincipalBase {
  readonly userId: string
  /** Id of the session or key, or of the sign-in that an access token came of; safe to log. */
  readonly credentialId: string
  readonly scopes: readonly KeyScope[]
  /** The one organization that the credential is good for; null: all of its user's. */
  readonly pinnedOrganizationId: string | null
}

/** A signed-in user. Carries every scope. */
export interface SessionPrincipal extends PrincipalBase {
  readonly kind: 'session'
  readonly scopes: readonly Scope[]
  readonly session: SessionRow
  /** Its user proved who they are within the last 15 minutes. */
  readonly isFresh: boolean
  /** Its life was lengthened just now: the cookie must be set again. */
  readonly isRenewed: boolean
}

/** A program with a key. */
export interface ApiKeyPrincipal extends PrincipalBase {
  readonly kind: 'apiKey'
  readonly format: KeyFormat
  /** What of its user's role it has on resources; null: no map was given. */
  readonly permissions: PermissionMap | null
  /** Null: no limit. */
  readonly rateLimit: RateLimitRule | null
  /** What its requests are counted under. */
  readonly limiterSubject: string
  readonly expiresAt: number | null
}

/** A program with an access token that its user signed in for (RFC 6749, 1.4). Carries every scope of its surface. */
export interface AccessTokenPrincipal extends PrincipalBase {
  readonly kind: 'accessToken'
  /** It stands where a key of this format does. */
  readonly format: typeof ACCESS_TOKEN_FORMAT
}

/** An owner of an account who proves it with the password, for one act in the same request: nothing is kept of it. */
export interface PasswordOwner {
  readonly kind: 'password'
  readonly userId: string
  readonly credentialId: null
  readonly pinnedOrganizationId: null
}

/** Who asks, whichever credential said so. */
export type Principal = SessionPrincipal | ApiKeyPrincipal | AccessTokenPrincipal
