import { beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { createShortLink, type NewShortLink } from './create-short-link'
import { getShortLink } from './get-short-link'
import { openShortLink, unlockShortLink } from './open-short-link'
import type { ShortLinkChange } from './short-link-change'
import { updateShortLink } from './update-short-link'

const DAY = 24 * 3600_000
const TARGET = 'https://example.com/a%20b?x=1&y=%7E#end'

describeOnEachEngine('short links that are opened', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    owner = await domain.signUp()
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
  })
  const create = (more: Partial<NewShortLink> = {}) =>
    createShortLink(domain.context, actorOf(owner), organizationId, { longUrl: TARGET, ...more })
  const update = (number: number, change: ShortLinkChange) =>
    updateShortLink(domain.context, actorOf(owner), organizationId, number, change)
  const openAlias = (alias: string) => openShortLink(domain.context, alias, { counts: true })
  const unlock = (alias: string, password: string, ipAddress = '192.0.2.1') =>
    unlockShortLink(domain.context, alias, password, ipAddress)
  const code = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'OK',
      error => error.code,
    )

  const outcomeOf = (attempt: ReturnType<typeof unlock>) =>
    attempt.then(
      ({ outcome }) => outcome,
      error => error.code,
    )

  it('tell their target to nobody who is not counted, if they count down', async () => {
    const { alias, number } = await create({ maxClicks: 1 })
    const look = () => openShortLink(domain.context, alias, { counts: false })
    expect(await look()).toEqual({ outcome: 'untold' })
    expect((await getShortLink(domain.context, organizationId, number)).clicks).toBe(0)
    expect(await openAlias(alias)).toEqual({ outcome: 'redirect', location: TARGET })
    expect(await code(look())).toBe('GONE')
  })

  it('lead to their target letter by letter, with our parameters where it has none', async () => {
    const location = async (more: Partial<NewShortLink>) => {
      const opened = await openAlias((await create(more)).alias)
      return opened.outcome === 'redirect' && opened.location
    }
    expect(await location({})).toBe(TARGET)
    expect(await location({ utmSource: 'a b', utmMedium: 'e&m' })).toBe(
      'https://example.com/a%20b?x=1&y=%7E&utm_source=a+b&utm_medium=e%26m#end',
    )
    expect(await location({ longUrl: 'https://example.com', utmCampaign: 'x' })).toBe(
      'https://example.com/?utm_campaign=x',
    )
    expect(
      await location({ longUrl: 'https://example.com/?utm_source=own', utmSource: 'x', utmMedium: 'y' }),
    ).toBe('https://example.com/?utm_source=own&utm_medium=y')
    expect(await location({ longUrl: 'https://exämple.com/\u202e\ud800' })).toMatch(/^[!-~]+$/)
  })

  it('expire at their time, which is to come', async () => {
    const link = await create({ expiresAt: domain.now() + 1_000 })
    domain.advance(999)
    expect((await openAlias(link.alias)).outcome).toBe('redirect')
    domain.advance(1)
    expect(await code(openAlias(link.alias))).toBe('GONE')
    for (const expiresAt of [domain.now(), domain.now() - DAY, Number.NaN])
      await expect(create({ expiresAt })).rejects.toMatchObject({ detail: { fields: [{ field: 'expiry' }] } })
    await update(link.number, { expiresAt: null })
    expect((await openAlias(link.alias)).outcome).toBe('redirect')
  })

  it.each(['', 'nobodys', 'a\0b', '../x', '\ud800', 'x'.repeat(100_000)])(
    'of the alias %.20j are none',
    async alias => {
      expect(await code(openAlias(alias))).toBe('NOT_FOUND')
    },
  )

  describe('with a password', () => {
    it('ask for it, count nothing until it is right, and keep no password', async () => {
      const link = await create({ password: 'sesame', maxClicks: 1 })
      expect(link.password_hash).toBe('hash of sesame')
      expect(await openAlias(link.alias)).toEqual({ outcome: 'password', isWrong: false })
      for (const wrong of ['', 'Sesame', 'x'.repeat(129)])
        expect(await unlock(link.alias, wrong)).toEqual({ outcome: 'password', isWrong: true })
      expect((await getShortLink(domain.context, organizationId, link.number)).clicks).toBe(0)
      expect(await unlock(link.alias, 'sesame')).toEqual({ outcome: 'redirect', location: TARGET })
      expect(await code(unlock(link.alias, 'sesame'))).toBe('GONE')
      expect(await code(openAlias(link.alias))).toBe('GONE')
    })

    it('slow guesses of one address down, of 20 at once too; the right one begins anew', async () => {
      const { alias } = await create({ password: 'sesame' })
      const guesses = Array.from({ length: 20 }, () => outcomeOf(unlock(alias, 'wrong')))
      const outcomes = await Promise.all(guesses)
      expect(outcomes.filter(outcome => outcome === 'password').length).toBeLessThanOrEqual(5)
      expect(outcomes.filter(outcome => outcome === 'RATE_LIMIT_ERROR').length).toBeGreaterThanOrEqual(15)
      expect(await code(unlock(alias, 'sesame'))).toBe('RATE_LIMIT_ERROR')
      expect((await unlock(alias, 'sesame', '192.0.2.2')).outcome).toBe('redirect')
      domain.advance(3_600_000)
      expect((await unlock(alias, 'sesame')).outcome).toBe('redirect')
      expect((await unlock(alias, 'wrong')).outcome).toBe('password')
    })

    it('slow guesses from many addresses down, and let everybody in who has not failed', async () => {
      const { alias } = await create({ password: 'sesame' })
      const guess = (index: number) => outcomeOf(unlock(alias, 'wrong', `198.51.100.${index}`))
      for (let index = 0; index < 60; index++) expect(await guess(index)).toBe('password')
      for (let index = 0; index < 60; index++) expect(await guess(index)).toBe('RATE_LIMIT_ERROR')
      expect(await outcomeOf(unlock(alias, 'sesame', '192.0.2.9'))).toBe('redirect')
    })

    it('let an address that has not failed past the others once, also of many guesses at the same time', async () => {
      const { alias } = await create({ password: 'sesame' })
      for (let index = 0; index < 50; index++) await unlock(alias, 'wrong', `198.51.100.${index}`)
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => outcomeOf(unlock(alias, 'wrong', '192.0.2.9'))),
      )
      expect(outcomes.filter(outcome => outcome === 'password').length).toBeLessThanOrEqual(1)
      expect(await outcomeOf(unlock(alias, 'sesame', '192.0.2.9'))).toBe('RATE_LIMIT_ERROR')
      domain.advance(15_000)
      expect(await outcomeOf(unlock(alias, 'sesame', '192.0.2.9'))).toBe('redirect')
    })
  })
})
