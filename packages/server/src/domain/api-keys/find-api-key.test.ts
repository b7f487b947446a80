import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { getApiKey, listApiKeys } from './find-api-key'
import { updateApiKey } from './update-api-key'

describeOnEachEngine('the keys of an account', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    owner = await domain.signUp()
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
    await domain.createKey(owner, { name: 'b 100%', expiresInSeconds: 7200 })
    await domain.createKey(owner, { name: 'A_b' })
    await domain.createKey(owner, { name: 'c', expiresInSeconds: 3600, metadata: { organizationId } })
    await domain.createKey(await domain.signUp(), { name: "a stranger's" })
  })
  const names = async (change: object = {}, by: Principal = owner, state?: 'active' | 'disabled') => {
    const page = { offset: 0, limit: 20, sort: '-createdAt', ...change }
    return (await listApiKeys(domain.context, by, page, { state })).items.map(({ name }) => name)
  }

  it('are listed newest first, or by name or end; those without an end are last', async () => {
    expect(await names()).toEqual(['c', 'A_b', 'b 100%'])
    expect(await names({ sort: 'name' })).toEqual(['A_b', 'b 100%', 'c'])
    expect(await names({ sort: 'expiresAt' })).toEqual(['c', 'b 100%', 'A_b'])
    expect(await names({ sort: '-expiresAt' })).toEqual(['A_b', 'b 100%', 'c'])
    expect(await names({ limit: 1, offset: 1 })).toEqual(['A_b'])
  })

  it('are found by a part of their name, and by state', async () => {
    expect(await names({ q: '%' })).toEqual(['b 100%'])
    expect(await names({ q: 'a_' })).toEqual(['A_b'])
    const [disabled] = (await listApiKeys(domain.context, owner, { offset: 0, limit: 1, sort: 'name' })).items
    await updateApiKey(domain.context, actorOf(owner), disabled?.id ?? '', { enabled: false })
    expect(await names({}, owner, 'disabled')).toEqual(['A_b'])
    expect(await names({ sort: 'name' }, owner, 'active')).toEqual(['b 100%', 'c'])
    expect(await names({ q: 'B' }, owner, 'active')).toEqual(['b 100%'])
  })

  it('of strangers are not found', async () => {
    const stranger = await domain.signUp()
    const { row } = await domain.createKey(owner)
    expect(await names({}, stranger)).toEqual([])
    await expect(getApiKey(domain.storage, stranger, row.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await getApiKey(domain.storage, owner, row.id)).toEqual(row)
  })
})
