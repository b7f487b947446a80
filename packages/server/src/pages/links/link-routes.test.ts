import { beforeAll, expect, it } from 'vitest'
import { createShortLink } from '../../domain/short-links/create-short-link'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { createPageDialect } from '../page-dialect'
import { linkRoutes } from './link-routes'

describeOnEachEngine('the routes of short links', open => {
  let domain: TestDomain
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })

  it('take the addresses of an IPv6 network for one at passwords', async () => {
    const owner = await domain.signUp()
    const organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
    const details = { longUrl: 'https://example.com', password: 'sesame' }
    const { alias } = await createShortLink(domain.context, actorOf(owner), organizationId, details)
    const [, unlock] = linkRoutes(createPageDialect('https://auth.example.com'), domain.context)
    const guess = async (ipAddress: string) =>
      unlock!.handle(
        { params: { alias }, body: { password: 'wrong' } } as never,
        { device: { ipAddress } } as never,
      )
    for (let index = 1; index <= 5; index++) await guess(`2001:db8:0:1::${index}`)
    await expect(guess('2001:db8:0:1:ffff::1')).rejects.toMatchObject({ code: 'RATE_LIMIT_ERROR' })
    expect(await guess('2001:db8:0:2::1')).toMatchObject({ outcome: 'password' })
  })
})
