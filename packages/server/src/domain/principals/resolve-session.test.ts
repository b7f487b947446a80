import { SCOPES } from '@snoop/sdk/contract'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { createSession, type OpenedSession } from '../sessions/create-session'
import { resolveSession } from './resolve-session'

const DAY = 24 * 3600_000

describeOnEachEngine('a request with a session', open => {
  let domain: TestDomain
  let opened: OpenedSession
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    const { userId } = await domain.signUp()
    const device = { ipAddress: '192.0.2.1', userAgent: 'x'.repeat(1000) }
    opened = await createSession(domain.context, domain.storage, userId, device, true)
  })
  const resolve = (token = opened.token) => resolveSession(domain.context, token)
  const refused = (code: string) => expect.objectContaining({ code })

  it('may all that its user may', async () => {
    expect(await resolve()).toMatchObject({
      kind: 'session',
      userId: opened.session.user_id,
      credentialId: opened.session.id,
      scopes: SCOPES,
      pinnedOrganizationId: null,
      isRenewed: false,
    })
  })

  it('asks once and writes nothing, but for one renewal a day', async () => {
    domain.statements.length = 0
    await resolve()
    expect(domain.statements).toEqual([expect.stringMatching(/^select [^;]* from sessions/)])
    domain.advance(DAY)
    domain.statements.length = 0
    const renewed = await resolve()
    expect(renewed).toMatchObject({ isRenewed: true, session: { expires_at: domain.now() + 7 * DAY } })
    expect(await resolve()).toMatchObject({
      isRenewed: false,
      session: { expires_at: domain.now() + 7 * DAY },
    })
    expect(domain.statements.filter(statement => statement === 'UpdateQueryNode')).toHaveLength(1)
  })

  it('ends after seven days without use', async () => {
    domain.advance(7 * DAY - 1)
    await resolve()
    domain.advance(7 * DAY)
    await expect(resolve()).rejects.toEqual(refused('INVALID_OR_EXPIRED_TOKEN'))
  })

  it('ends after thirty days whatever its use', async () => {
    for (let day = 1; day < 30; day++) {
      domain.advance(DAY)
      await resolve()
    }
    domain.advance(DAY - 1)
    await resolve()
    domain.advance(1)
    await expect(resolve()).rejects.toEqual(refused('INVALID_OR_EXPIRED_TOKEN'))
  })

  it('asks nothing of the database if the token cannot be one', async () => {
    domain.statements.length = 0
    for (const token of [
      '',
      'x',
      `${opened.token}x`,
      opened.token.slice(1),
      opened.session.token_hash.repeat(9),
    ]) {
      await expect(resolve(token)).rejects.toEqual(refused('INVALID_OR_EXPIRED_TOKEN'))
    }
    expect(domain.statements).toEqual([])
  })

  it('is refused for what is stored of the token, and for the id', async () => {
    for (const token of [opened.session.token_hash, opened.session.id.padEnd(43, 'x')]) {
      await expect(resolve(token)).rejects.toEqual(refused('INVALID_OR_EXPIRED_TOKEN'))
    }
  })

  it('is refused from the moment on that its user is disabled', async () => {
    await resolve()
    await domain.storage.users.update(opened.session.user_id, { is_active: 0 })
    await expect(resolve()).rejects.toEqual(refused('USER_NOT_ACTIVE'))
  })

  it('keeps no more of the User-Agent than is of use', () => {
    expect(opened.session.user_agent).toHaveLength(512)
  })
})
