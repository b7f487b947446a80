import { beforeAll, beforeEach, expect, it } from 'vitest'
import { fillAccount } from '../../testing/fill-account'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { resolveSession } from '../principals/resolve-session'
import { createSession } from './create-session'
import { listSessions } from './list-sessions'
import { revokeSession, revokeSessions } from './revoke-session'

const DAY = 24 * 3600_000

describeOnEachEngine('ending sessions', open => {
  let domain: TestDomain
  let user: SessionPrincipal
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    user = await domain.signUp()
  })
  const openOne = (userId = user.userId) =>
    createSession(domain.context, domain.storage, userId, { ipAddress: '192.0.2.1', userAgent: 'test' }, true)
  const isLive = (token: string) =>
    resolveSession(domain.context, token).then(
      () => true,
      () => false,
    )
  const liveIds = async () => (await listSessions(domain.context, user.userId)).map(({ id }) => id)

  it('one by one counts on the next request', async () => {
    const [one, other] = [await openOne(), await openOne()]
    expect(await isLive(one.token)).toBe(true)
    expect(await revokeSession(domain.context, user, one.session.id)).toBe(1)
    expect([await isLive(one.token), await isLive(other.token)]).toEqual([false, true])
    expect(await liveIds()).toEqual([other.session.id, user.credentialId])
  })

  it('of the same id again, of a stranger or of nobody is not found', async () => {
    const [mine, theirs] = [await openOne(), await openOne((await domain.signUp()).userId)]
    await revokeSession(domain.context, user, mine.session.id)
    for (const id of [mine.session.id, theirs.session.id, 'nobodys']) {
      await expect(revokeSession(domain.context, user, id)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: 'You have no session with this id',
      })
    }
    expect(await isLive(theirs.token)).toBe(true)
  })

  it('all but this one, then all, leaves those of others alone', async () => {
    const [one, theirs] = [await openOne(), await openOne((await domain.signUp()).userId)]
    expect(await revokeSessions(domain.context, user, { keepCurrent: true })).toBe(1)
    expect(await liveIds()).toEqual([user.credentialId])
    expect(await revokeSessions(domain.context, user, { keepCurrent: false })).toBe(1)
    expect(await liveIds()).toEqual([])
    expect([await isLive(one.token), await isLive(theirs.token)]).toEqual([false, true])
  })

  it.each([true, false])(
    'all at once (this one kept: %s) ends what else could let somebody in',
    async keepCurrent => {
      const stranger = await domain.signUp()
      for (const { userId } of [user, stranger]) {
        const organizationId = await domain.foundOrganization({ [userId]: 'owner' })
        await fillAccount(domain.engine.db, { userId, email: `${userId}@x`, organizationId }, domain.now())
      }
      const one = await openOne()
      expect(await revokeSessions(domain.context, user, { keepCurrent })).toBe(keepCurrent ? 1 : 2)
      expect(await isLive(one.token)).toBe(false)
      const left = async ({ userId }: SessionPrincipal) => {
        const [device] = await domain.storage.devices.listLive(userId, domain.now())
        return {
          links: (await domain.storage.linkTokens.list(userId)).length,
          challenges: (await domain.storage.challenges.list(userId)).length,
          isTrusted: device?.trusted_until !== null,
          hasTokens: (await domain.storage.tokenFamilies.listAll(userId))[0]?.ended_at === null,
        }
      }
      expect(await left(user)).toEqual({ links: 0, challenges: 0, isTrusted: false, hasTokens: false })
      expect(await left(stranger)).toEqual({ links: 1, challenges: 1, isTrusted: true, hasTokens: true })
    },
  )

  it('sees, counts and ends live ones only', async () => {
    const old = await openOne()
    domain.advance(7 * DAY)
    const current = await openOne()
    expect(await liveIds()).toEqual([current.session.id])
    await expect(revokeSession(domain.context, user, old.session.id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await revokeSessions(domain.context, user, { keepCurrent: false })).toBe(1)
  })
})
