import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { createShortLink } from './create-short-link'
import { getShortLink } from './get-short-link'
import type { ShortLinkChange } from './short-link-change'
import { updateShortLink } from './update-short-link'

const DAY = 24 * 3600_000
const TARGET = 'https://example.com/'

describeOnEachEngine('short links of the free plan', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open(), { defaultPlan: 'free' })
    owner = await domain.signUp()
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
  })
  const create = (more: ShortLinkChange = {}, context = domain.context) =>
    createShortLink(context, actorOf(owner), organizationId, { ...more, longUrl: TARGET })
  const update = (number: number, change: ShortLinkChange) =>
    updateShortLink(domain.context, actorOf(owner), organizationId, number, change)

  it.each<[string, ShortLinkChange]>([
    ['custom_alias', { alias: 'my-own' }],
    ['password_protection', { password: 'sesame' }],
    ['link_expiry', { expiresAt: Date.UTC(2030, 0, 1) }],
    ['utm', { utmSource: 'x' }],
    ['utm', { utmMedium: 'x' }],
    ['utm', { utmCampaign: 'x' }],
  ])('have no %s, made or changed', async (feature, change) => {
    const refused = expect.objectContaining({
      code: 'PLAN_FEATURE_MISSING',
      message: expect.stringContaining(`(${feature}): upgrade to Starter or higher`),
      detail: { plan: { id: 'free' } },
    })
    domain.hasher.calls = 0
    const before = await create({ maxClicks: 3 })
    await expect(create(change)).rejects.toEqual(refused)
    await expect(update(before.number, change)).rejects.toEqual(refused)
    expect(await getShortLink(domain.context, organizationId, before.number)).toEqual(before)
    expect(domain.hasher.calls).toBe(0)
  })

  it('made while there was a better plan keep what they have, and can lose it', async () => {
    const paying = {
      ...domain.context,
      settings: { ...domain.context.settings, defaultPlan: 'starter' } as const,
    }
    const expiresAt = domain.now() + DAY
    const details = { alias: 'kept', password: 'sesame', expiresAt, utmSource: 'x' }
    const link = await create(details, paying)
    const same = { alias: 'kept', expiresAt, utmSource: 'x', longUrl: 'https://example.org' }
    expect(await update(link.number, same)).toMatchObject({ alias: 'kept', long_url: 'https://example.org' })
    await expect(update(link.number, { utmSource: 'y' })).rejects.toMatchObject({
      code: 'PLAN_FEATURE_MISSING',
    })
    expect(await update(link.number, { password: null, expiresAt: null, utmSource: null })).toMatchObject({
      password_hash: null,
      expires_at: null,
      utm: null,
    })
  })
})
