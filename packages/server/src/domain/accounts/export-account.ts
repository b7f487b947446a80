import type { UserProfileRow } from '../../storage/hot-queries'
import type { ChallengeRow } from '../../storage/stores/challenge-store'
import type { IdempotencyClaimRow } from '../../storage/stores/idempotency-claim-store'
import type { InvitationRow } from '../../storage/stores/invitation-store'
import type { LinkTokenRow } from '../../storage/stores/link-token-store'
import type { LoginEventRow } from '../../storage/stores/login-event-store'
import type { NamedMembershipRow } from '../../storage/stores/membership-store'
import type { PasskeyRow } from '../../storage/stores/passkey-store'
import type { ProjectRow } from '../../storage/stores/project-store'
import type { SessionRow } from '../../storage/stores/session-store'
import type { SocialAccountRow } from '../../storage/stores/social-account-store'
import type { TokenFamilyRow } from '../../storage/stores/token-family-store'
import type { TwoFactorRow } from '../../storage/stores/two-factor-store'
import { type DescribedApiKey, describeApiKey } from '../api-keys/describe-api-key'
import { type ListedDevice, listDevices } from '../devices/list-devices'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { passwordHashOf } from '../passwords/password-hash-of'
import { getUserProfile } from './user-profile'

/** All rows that are held on a user. The edge shows what of them is no secret. */
export interface AccountRecords {
  readonly exportedAt: number
  readonly profile: UserProfileRow
  readonly hasPassword: boolean
  readonly twoFactor: TwoFactorRow | undefined
  readonly backupCodesLeft: number
  readonly passkeys: readonly PasskeyRow[]
  readonly socialAccounts: readonly SocialAccountRow[]
  readonly sessions: readonly SessionRow[]
  readonly tokenFamilies: readonly TokenFamilyRow[]
  readonly devices: readonly ListedDevice[]
  readonly loginHistory: readonly LoginEventRow[]
  readonly links: readonly LinkTokenRow[]
  readonly challenges: readonly ChallengeRow[]
  readonly apiKeys: readonly DescribedApiKey[]
  readonly memberships: readonly NamedMembershipRow[]
  readonly projects: readonly ProjectRow[]
  readonly invitations: readonly InvitationRow[]
  readonly claims: readonly IdempotencyClaimRow[]
}

/** Rows that have ended but are not swept yet are held, too. */
const AT_ANY_TIME = 0

/**
 * Collects what is held on an account; but for what was made in an organization that the user is no member of any more, and
 * what stands in the audit logs of organizations, which are theirs.
 * @param deviceToken from the cookie of the request
 * @throws DomainError NOT_FOUND if the account is gone
 */
export const exportAccount = async (
  context: DomainContext,
  userId: string,
  deviceToken: string | undefined,
): Promise<AccountRecords> => {
  const { storage, clock } = context
  const user = await storage.users.find(userId)
  if (!user) throw new DomainError('NOT_FOUND', { message: 'This account no longer exists' })
  const apiKeys = await storage.apiKeys.listAll({ userId, organizationId: null })
  return {
    exportedAt: clock(),
    profile: await getUserProfile(context, userId),
    hasPassword: passwordHashOf(user) !== undefined,
    twoFactor: await storage.twoFactors.find(userId),
    backupCodesLeft: await storage.twoFactors.countBackupCodes(userId),
    passkeys: await storage.passkeys.list(userId),
    socialAccounts: await storage.socialAccounts.list(userId),
    sessions: await storage.sessions.listLive(userId, AT_ANY_TIME),
    tokenFamilies: await storage.tokenFamilies.listAll(userId),
    devices: await listDevices(context, userId, deviceToken),
    loginHistory: await storage.loginEvents.listAll(userId),
    links: await storage.linkTokens.list(userId),
    challenges: await storage.challenges.list(userId),
    apiKeys: await Promise.all(apiKeys.map(row => describeApiKey(context, row))),
    memberships: await storage.memberships.listOfUser(userId),
    projects: await storage.projects.listMadeBy(userId),
    invitations: await storage.invitations.listSentBy(userId),
    claims: await storage.idempotencyClaims.list(userId),
  }
}
