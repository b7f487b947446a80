import { KEY_FORMATS, type KeyFormat } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import type { UserRow } from '../../storage/stores/user-store'
import { putSecurityNotice } from '../accounts/put-security-notice'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { AnyActor } from '../principals/actor'
import { hashSecret } from '../secret-hash'
import { withUserLocked } from '../with-user-locked'
import { judgeNewApiKey, type NewApiKey } from './judge-new-api-key'
import { scopesOf } from './key-columns'
import { generateKey, keyPrefixOf } from './key-formats'
import { nameRights } from './name-rights'
import { recordKeyAct } from './record-key-act'

/** A stored key with its secret, which exists nowhere else. */
export interface IssuedApiKey {
  readonly row: ApiKeyRow
  readonly key: string
}

const tooManyKeys = (max: number, format: KeyFormat): string =>
  `An account may have ${max} live API keys of the format ${format}; revoke one first`

/** Until the transaction ends the user stays a member: who is removed meanwhile leaves no key behind. */
const assertStillMember = async (
  { organizations, memberships }: Stores,
  organizationId: string,
  userId: string,
): Promise<void> => {
  await organizations.lock(organizationId)
  if (!(await memberships.findOfUser(organizationId, userId))) throw new DomainError('FORBIDDEN')
}

/** @returns the keys that end for the new one @throws DomainError KEY_LIMIT_REACHED */
const makeRoom = async (
  { clock, settings: { maxKeysPerAccount } }: DomainContext,
  { apiKeys }: Stores,
  userId: string,
  format: KeyFormat,
): Promise<ApiKeyRow[]> => {
  if (KEY_FORMATS[format].live === 'one') return apiKeys.revokeLive(userId, format, clock())
  if ((await apiKeys.countLive(userId, clock(), format)) >= maxKeysPerAccount)
    throw new DomainError('KEY_LIMIT_REACHED', { message: tooManyKeys(maxKeysPerAccount, format) })
  return []
}

const byOrganization = (a: ApiKeyRow, b: ApiKeyRow): number => {
  const [first, second] = [a.organization_id ?? '', b.organization_id ?? '']
  if (first === second) return 0
  return first < second ? -1 : 1
}

/** In the order of organizations, so that of two such transactions neither waits for the other in a circle. */
const recordMade = async (
  context: DomainContext,
  stores: Stores,
  actor: AnyActor,
  made: ApiKeyRow,
  ended: readonly ApiKeyRow[],
): Promise<void> => {
  const { id: replacedBy, name, format } = made
  const scopes = scopesOf(made)
  for (const row of [...ended, made].sort(byOrganization)) {
    if (row === made) {
      const details = { name, scopes, ...(format !== 'ba' && { format }) }
      await recordKeyAct(context, stores, actor, row, 'api_key.created', details)
    } else {
      const details = { name: row.name, replacedBy }
      // The claim is settled by the act itself.
      await recordKeyAct(context, stores, { ...actor, claim: undefined }, row, 'api_key.revoked', details)
    }
  }
}

const rowOf = (
  { clock, newId, settings, randomBytes }: DomainContext,
  userId: string,
  input: NewApiKey,
  judged: Awaited<ReturnType<typeof judgeNewApiKey>>,
): IssuedApiKey => {
  const now = clock()
  const prefix = keyPrefixOf(input.format, settings.keyPrefix)
  const { key, start } = generateKey(input.format, prefix, randomBytes)
  const row: ApiKeyRow = {
    ...judged,
    id: `ak_${newId()}`,
    user_id: userId,
    name: input.name,
    format: input.format,
    prefix,
    start,
    key_hash: hashSecret(key),
    scopes: JSON.stringify(input.scopes),
    permissions: input.permissions ? JSON.stringify(input.permissions) : null,
    metadata: input.metadata ? JSON.stringify(input.metadata) : null,
    enabled: 1,
    revoked_at: null,
    request_count: 0,
    last_request_at: null,
    rotated_to: null,
    rotation_request_hash: null,
    created_at: now,
    updated_at: now,
  }
  return { row, key }
}

/**
 * Makes a key for the caller's own account, whose owner is told by mail. Of a format of which an account has one live key,
 * the new one ends the one before it.
 * @param assertProved what the caller was let in by, looked at again in the transaction that writes the key, the user
 *   locked: a key would outlive what ends that meanwhile
 * @throws DomainError KEY_LIMIT_REACHED; NOT_FOUND if the account is gone, USER_NOT_ACTIVE if it is disabled by now; what
 *   `assertProved` and `judgeNewApiKey` throw
 */
export const createApiKey = async (
  context: DomainContext,
  actor: AnyActor,
  input: NewApiKey,
  assertProved?: (stores: Stores, owner: UserRow | undefined) => Promise<void>,
): Promise<IssuedApiKey> => {
  const { mailer, logger } = context
  const { userId, credentialId } = actor.principal
  const { name, format, scopes, permissions } = input
  const judged = await judgeNewApiKey(context, actor, input)
  const issued = rowOf(context, userId, input, judged)
  const { row } = issued
  const replaced = await withUserLocked(context, userId, async stores => {
    const owner = await stores.users.find(userId)
    await assertProved?.(stores, owner)
    if (!owner) throw new DomainError('NOT_FOUND', { message: 'This account no longer exists' })
    if (owner.is_active === 0) throw new DomainError('USER_NOT_ACTIVE')
    if (row.organization_id !== null) await assertStillMember(stores, row.organization_id, userId)
    const ended = await makeRoom(context, stores, userId, format)
    await stores.apiKeys.insert(row)
    const rights = nameRights(format, scopes, permissions)
    const notice = { name, format, rights, isReplacement: ended.length > 0 }
    await putSecurityNotice(context, stores, owner, { kind: 'api-key-made', ...notice })
    await recordMade(context, stores, actor, row, ended)
    return ended
  })
  mailer.wake()
  const by = { userId, by: credentialId }
  for (const { id } of replaced)
    logger.info({ event: 'api_key.revoked', keyId: id, replacedBy: row.id, ...by }, 'API key revoked')
  logger.info({ event: 'api_key.created', keyId: row.id, ...by }, 'API key created')
  return issued
}
