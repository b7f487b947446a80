import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { claimWrite } from '../idempotency/claim-write'
import { type OrganizationPeople, organizationPeople } from '../members/testing/organization-people'
import type { SessionPrincipal } from '../principals/principal'
import { createApiKey } from './create-api-key'
import { revokeApiKey } from './revoke-api-key'
import { rotateApiKey } from './rotate-api-key'
import { updateApiKey } from './update-api-key'
import { verifyApiKey } from './verify-api-key'

const life = { gracePeriodSeconds: 0, expiresInSeconds: undefined, requestKey: 'once' }

describeOnEachEngine('what is done to a key', open => {
  let domain: TestDomain
  let people: OrganizationPeople
  let owner: SessionPrincipal
  let id: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    people = organizationPeople(domain)
  })
  beforeEach(async () => {
    owner = await domain.signUp()
    id = await domain.foundOrganization({ [owner.userId]: 'owner' })
  })
  const pinned = () => domain.createKey(owner, { metadata: { organizationId: id }, scopes: ['user:read'] })

  it('is in the log of the organization that it is pinned to, and no secret with it', async () => {
    const { row, key } = await pinned()
    const by = actorOf(owner)
    await updateApiKey(domain.context, by, row.id, { name: 'new', enabled: undefined, expiresAt: null })
    const next = await rotateApiKey(domain.context, by, { keyId: row.id, ...life })
    const again = await rotateApiKey(domain.context, by, { keyId: row.id, ...life })
    await revokeApiKey(domain.context, by, next.row.id)
    await revokeApiKey(domain.context, by, next.row.id)
    const acts = await people.audited(id)
    expect(acts.map(({ action, resource, details }) => [action, resource, details])).toEqual([
      ['api_key.created', row.id, { name: 'test key', scopes: ['user:read'] }],
      ['api_key.updated', row.id, { fields: ['name', 'expiresAt'] }],
      ['api_key.rotated', row.id, { rotatedTo: next.row.id }],
      ['api_key.rotated', row.id, { rotatedTo: next.row.id }],
      ['api_key.revoked', next.row.id, { name: 'new' }],
    ])
    for (const { actor, credential } of acts)
      expect([actor, credential]).toEqual([owner.userId, owner.credentialId])
    const log = JSON.stringify(await domain.engine.db.selectFrom('audit_events').selectAll().execute())
    for (const secret of [key, next.key, again.key]) expect(log).not.toContain(secret.slice(8))
  })

  it('and with its old secret after a rotation, is in the log a moment later', async () => {
    const { row, key } = await pinned()
    const unpinned = await domain.createKey(owner)
    const { row: next } = await rotateApiKey(domain.context, actorOf(owner), { keyId: row.id, ...life })
    await rotateApiKey(domain.context, actorOf(owner), { keyId: unpinned.row.id, ...life })
    for (const dead of [key, key, unpinned.key]) expect(await domain.isAccepted(dead)).toBe(false)
    await verifyApiKey(domain.context, owner, { key, scopes: [], organizationId: undefined })
    await domain.context.refusals.flush()
    expect((await people.audited(id)).slice(2)).toEqual([
      {
        action: 'api_key.rotated_out_used',
        actor: owner.userId,
        credential: row.id,
        resource: row.id,
        details: { rotatedTo: next.id, count: 3 },
      },
    ])
  })

  it('with a password and no session is in the log as that', async () => {
    const principal = {
      kind: 'password',
      userId: owner.userId,
      credentialId: null,
      pinnedOrganizationId: null,
    } as const
    await createApiKey(
      domain.context,
      { ...actorOf(owner), principal },
      {
        name: 'by password',
        format: 'sna',
        scopes: [],
        permissions: null,
        expiresInSeconds: null,
        metadata: { organizationId: id },
      },
    )
    const entries = domain.engine.db.selectFrom('audit_events').where('organization_id', '=', id)
    expect(await entries.select(['actor_id', 'credential_type', 'credential_id']).execute()).toEqual([
      { actor_id: owner.userId, credential_type: 'password', credential_id: null },
    ])
  })

  it('that is pinned nowhere is in no log', async () => {
    const { row } = await domain.createKey(owner)
    await updateApiKey(domain.context, actorOf(owner), row.id, { name: 'new' })
    const next = await rotateApiKey(domain.context, actorOf(owner), { keyId: row.id, ...life })
    await revokeApiKey(domain.context, actorOf(owner), next.row.id)
    expect(await people.audited(id)).toEqual([])
  })

  it('and refused is in no log', async () => {
    const { row } = await pinned()
    await revokeApiKey(domain.context, actorOf(owner), row.id)
    const length = (await people.audited(id)).length
    const acts = [
      () => updateApiKey(domain.context, actorOf(owner), row.id, { name: 'new' }),
      () => rotateApiKey(domain.context, actorOf(owner), { keyId: row.id, ...life }),
      async () => domain.createKey(await domain.signUp(), { metadata: { organizationId: id } }),
    ]
    for (const act of acts) await expect(act()).rejects.toThrow()
    expect(await people.audited(id)).toHaveLength(length)
  })

  it.each([true, false])('is done once for a request with a key of its own (pinned: %s)', async isPinned => {
    const write = { principal: owner, key: 'request', request: 'create' }
    const claimed = await claimWrite(domain.context, write)
    if (claimed.outcome !== 'claimed') throw new Error('it was answered')
    const input = {
      name: 'once',
      expiresInSeconds: null,
      format: 'ba' as const,
      scopes: [],
      permissions: null,
      metadata: isPinned ? { organizationId: id } : null,
    }
    const actor = { ...actorOf(owner), claim: claimed.claim }
    await createApiKey(domain.context, actor, input)
    const claims = await domain.engine.db
      .selectFrom('idempotency_claims')
      .select('state')
      .where('user_id', '=', owner.userId)
      .execute()
    expect(claims).toEqual([{ state: 'done' }])
    // Somebody else took the key over: this write must not happen.
    await domain.engine.db.deleteFrom('idempotency_claims').where('user_id', '=', owner.userId).execute()
    await expect(createApiKey(domain.context, actor, input)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await domain.storage.apiKeys.countLive(owner.userId, domain.now())).toBe(1)
  })
})
