import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { createQrCode } from '../qr-codes/create-qr-code'
import { createShortLink, type NewShortLink } from './create-short-link'
import { deleteShortLink } from './delete-short-link'
import { getShortLink } from './get-short-link'
import { listShortLinks } from './list-short-links'
import { openShortLink } from './open-short-link'
import type { ShortLinkChange } from './short-link-change'
import { updateShortLink } from './update-short-link'

const DAY = 24 * 3600_000
const TARGET = 'https://example.com/a%20b?x=1&y=%7E#end'

describeOnEachEngine('short links', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    owner = await domain.signUp()
  })
  beforeEach(async () => {
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
  })
  const create = (more: Partial<NewShortLink> = {}, by = owner, inOrganization = organizationId) =>
    createShortLink(domain.context, actorOf(by), inOrganization, { longUrl: TARGET, ...more })
  const update = (number: number, change: ShortLinkChange, by = owner) =>
    updateShortLink(domain.context, actorOf(by), organizationId, number, change)
  const remove = (number: number) => deleteShortLink(domain.context, actorOf(owner), organizationId, number)
  const openAlias = (alias: string) => openShortLink(domain.context, alias, { counts: true })
  const list = (query: object = {}) =>
    listShortLinks(domain.context, organizationId, { offset: 0, limit: 15, sort: '-date', ...query })
  const invalid = (field: string) =>
    expect.objectContaining({
      code: 'VALIDATION_ERROR',
      detail: { fields: [expect.objectContaining({ field })] },
    })
  const code = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'OK',
      error => error.code,
    )
  const acts = async () =>
    (
      await domain.engine.db
        .selectFrom('audit_events')
        .select(['action', 'resource_id', 'details'])
        .where('organization_id', '=', organizationId)
        .orderBy('sequence')
        .execute()
    ).map(({ action, resource_id, details }) => `${action} ${resource_id} ${details}`)

  it('are numbered in their organization, never twice, and have an alias of seven characters', async () => {
    const [first, second] = [await create(), await create()]
    expect([first.number, second.number]).toEqual([1, 2])
    for (const { alias } of [first, second]) expect(alias).toMatch(/^[0-9A-Za-z]{7}$/)
    await remove(2)
    expect((await create()).number).toBe(3)
    const elsewhere = await domain.foundOrganization({ [owner.userId]: 'owner' })
    expect((await create({}, owner, elsewhere)).number).toBe(1)
  })

  it('made 50 at once are 50 with numbers and aliases of their own', async () => {
    const made = await Promise.all(Array.from({ length: 50 }, () => create()))
    expect(new Set(made.map(({ number }) => number)).size).toBe(50)
    expect(new Set(made.map(({ alias }) => alias)).size).toBe(50)
  })

  it('whose alias was drawn before get another one', async () => {
    const { alias } = await create()
    const drawn = [...alias].map(letter =>
      '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.indexOf(letter),
    )
    let draws = 0
    const context = {
      ...domain.context,
      randomBytes: (size: number) =>
        size === 7 && draws++ === 0 ? Buffer.from(drawn) : domain.context.randomBytes(size),
    }
    const second = await createShortLink(context, actorOf(owner), organizationId, { longUrl: TARGET })
    expect(second.alias).not.toBe(alias)
    expect(draws).toBeGreaterThan(1)
    expect(second.number).toBe(2)
  })

  it('asked for 20 times at once with one alias are one, over all organizations', async () => {
    const elsewhere = await domain.foundOrganization({ [owner.userId]: 'owner' })
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        create({ alias: 'Spring' }, owner, index % 2 ? organizationId : elsewhere),
      ),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ code: 'CONFLICT', detail: { conflictField: 'alias' } })
    const other = await create()
    expect(await code(update(other.number, { alias: 'Spring' }))).toBe('CONFLICT')
    expect((await update(other.number, { alias: 'spring' })).alias).toBe('spring')
  })

  it.each(['x', '-ab', 'a b', 'a/b', 'ä-ö', 'a'.repeat(65), '', 'ab\0'])(
    'refuse the alias %j',
    async alias => {
      await expect(create({ alias })).rejects.toEqual(invalid('alias'))
    },
  )

  it('may have any free word as their alias', async () => {
    for (const alias of ['hello', 'test', 'admin', 'API', 'log-in'])
      expect((await create({ alias })).alias).toBe(alias)
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.com',
    'file:///etc/passwd',
    'https://user:secret@example.com',
    'https://user@example.com',
    'https://auth.example.com/s/abc',
    'http://AUTH.example.com:8080/s/abc',
    'https://auth.example.com./%73/abc',
    'https://auth.example.com//s/',
    'https://auth.example.com/x/../s/abc',
    'no url',
    'https://',
  ])('do not lead to %s', async longUrl => {
    await expect(create({ longUrl })).rejects.toEqual(invalid('url'))
    const { number } = await create()
    await expect(update(number, { longUrl })).rejects.toEqual(invalid('url'))
  })

  it('may lead to other pages of this server', async () => {
    expect(await code(create({ longUrl: 'https://auth.example.com/support' }))).toBe('OK')
  })

  it('are of the host of this server alone', async () => {
    expect(await code(create({ domain: 'Auth.Example.com' }))).toBe('OK')
    await expect(create({ domain: 'snip.example' })).rejects.toMatchObject({
      detail: { fields: [{ field: 'domain', error: expect.stringContaining('auth.example.com') }] },
    })
  })

  it('changed keep what is not named, and lose what is null', async () => {
    const details = {
      password: 'sesame',
      expiresAt: domain.now() + DAY,
      maxClicks: 5,
      utmSource: 'a',
      utmMedium: 'b',
    }
    const link = await create(details)
    domain.advance(10)
    expect(await update(link.number, {})).toEqual({ ...link, updated_at: domain.now() })
    const changed = await update(link.number, {
      password: null,
      expiresAt: null,
      maxClicks: null,
      utmSource: null,
      utmCampaign: 'c',
      utmMedium: undefined,
    })
    expect(changed).toMatchObject({ password_hash: null, expires_at: null, max_clicks: null })
    expect(JSON.parse(changed.utm ?? '')).toEqual({ utm_medium: 'b', utm_campaign: 'c' })
    expect((await update(link.number, { utmMedium: '', utmCampaign: null })).utm).toBeNull()
    expect(await getShortLink(domain.context, organizationId, link.number)).toMatchObject({ utm: null })
  })

  it('deleted lead nowhere, and their alias is free', async () => {
    const { number } = await create({ alias: 'once' })
    await remove(number)
    expect(await code(openAlias('once'))).toBe('NOT_FOUND')
    expect(await code(remove(number))).toBe('NOT_FOUND')
    expect((await create({ alias: 'once' })).alias).toBe('once')
  })

  it('are seen, changed and deleted by members of their organization alone', async () => {
    const { number } = await create()
    const stranger = await domain.signUp()
    const theirs = await domain.foundOrganization({ [stranger.userId]: 'owner' })
    const attempts = [
      getShortLink(domain.context, theirs, number),
      updateShortLink(domain.context, actorOf(stranger), theirs, number, { longUrl: 'https://evil.example' }),
      deleteShortLink(domain.context, actorOf(stranger), theirs, number),
    ]
    expect(await Promise.all(attempts.map(code))).toEqual(Array(3).fill('NOT_FOUND'))
    const outside = [create({}, stranger), update(number, {}, stranger)]
    expect(await Promise.all(outside.map(code))).toEqual(Array(2).fill('FORBIDDEN'))
    expect((await getShortLink(domain.context, organizationId, number)).long_url).toBe(TARGET)
  })

  it('may be made by any member', async () => {
    const member = await domain.signUp()
    const shared = await domain.foundOrganization({ [owner.userId]: 'owner', [member.userId]: 'member' })
    expect(await code(create({}, member, shared))).toBe('OK')
  })

  it('are listed by date or clicks, and found by alias and target', async () => {
    const links = []
    for (const path of ['one', 'TWO', '100%']) {
      links.push(await create({ longUrl: `https://example.com/${path}` }))
      domain.advance(1)
    }
    const [, second] = links
    await openAlias(second?.alias ?? '')
    const numbers = async (query: object) => (await list(query)).items.map(({ number }) => number)
    expect(await numbers({})).toEqual([3, 2, 1])
    expect(await numbers({ sort: 'date' })).toEqual([1, 2, 3])
    expect(await numbers({ sort: '-clicks' })).toEqual([2, 3, 1])
    expect(await numbers({ sort: 'clicks' })).toEqual([1, 3, 2])
    expect(await numbers({ q: 'tWo' })).toEqual([2])
    expect(await numbers({ q: second?.alias })).toEqual([2])
    expect(await numbers({ q: '%' })).toEqual([3])
    expect(await numbers({ q: "'; drop table links; --" })).toEqual([])
    expect(await list({ limit: 2, offset: 2 })).toMatchObject({ total: 3, items: [{ number: 1 }] })
  })

  it('of QR codes are not among them', async () => {
    await createQrCode(domain.context, actorOf(owner), organizationId, {
      name: 'Poster',
      longUrl: TARGET,
      design: {
        foreground: '#000000',
        background: '#FFFFFF',
        errorCorrection: 'M',
        size: 300,
        margin: 4,
        logo: null,
      },
    })
    expect((await list()).total).toBe(0)
    expect(
      await Promise.all([
        code(getShortLink(domain.context, organizationId, 1)),
        code(update(1, {})),
        code(remove(1)),
      ]),
    ).toEqual(Array(3).fill('NOT_FOUND'))
  })

  it('leave what was done to them in the audit log, without target and password', async () => {
    const { number } = await create({
      alias: 'told',
      password: 'sesame',
      longUrl: 'https://example.com/?token=x',
    })
    await update(number, { password: 'simsim', maxClicks: null, utmSource: undefined })
    await remove(number)
    await code(remove(number))
    expect(await acts()).toEqual([
      'link.created 1 {"alias":"told"}',
      'link.updated 1 {"fields":["password","maxClicks"]}',
      'link.deleted 1 {"alias":"told"}',
    ])
  })
})
