import type { Scope } from '@snoop/sdk/contract'
import type { SessionRow } from '../../storage/stores/session-store'
import type { RateLimitRule } from '../rate-limits/decide-rate-limit'

interface PrincipalBase {
  readonly userId: string
  /** Id of the session or key; safe to log. */
  readonly credentialId: string
  readonly scopes: readonly Scope[]
  /** The one organization that the credential is good for; null: all of its user's. */
  readonly pinnedOrganizationId: string | null
}

/** A signed-in user. Carries every scope. */
export interface SessionPrincipal extends PrincipalBase {
  readonly kind: 'session'
  readonly session: SessionRow
  /** Its user proved who they are within the last 15 minutes. */
  readonly isFresh: boolean
  /** Its life was lengthened just now: the cookie must be set again. */
  readonly isRenewed: boolean
}

/** A program with a personal access token. */
export interface ApiKeyPrincipal extends PrincipalBase {
  readonly kind: 'apiKey'
  /** Null: no limit. */
  readonly rateLimit: RateLimitRule | null
  readonly expiresAt: number | null
}

/** Who asks, whichever credential said so. */
export type Principal = SessionPrincipal | ApiKeyPrincipal
