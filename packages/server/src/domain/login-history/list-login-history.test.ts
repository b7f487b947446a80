import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { listLoginHistory } from './list-login-history'
import { loginEvent } from './login-event'

describeOnEachEngine('the login history', open => {
  let domain: TestDomain
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })

  it('is the own one, newest first, in pages, and can be searched by program and address', async () => {
    const [{ userId }, other] = [await domain.signUp(), await domain.signUp()]
    const note = async (owner: string, userAgent: string, ipAddress: string, success: boolean) => {
      domain.advance(1)
      const row = loginEvent(domain.context, owner, 'password', { userAgent, ipAddress }, success)
      await domain.storage.loginEvents.insert([row])
      return row
    }
    const first = await note(userId, 'Firefox', '192.0.2.1', true)
    const second = await note(userId, '100%_curl', '192.0.2.2', false)
    await note(other.userId, 'Firefox', '192.0.2.1', true)
    const third = await note(userId, 'x'.repeat(600), '2001:db8::1', true)
    expect(third.user_agent).toHaveLength(512)

    const list = (change: object = {}) =>
      listLoginHistory(domain.context, userId, { offset: 0, limit: 20, sort: '-createdAt', ...change })
    expect(await list()).toEqual({ items: [third, second, first], total: 3 })
    expect(await list({ offset: 1, limit: 1 })).toEqual({ items: [second], total: 3 })
    expect((await list({ sort: 'createdAt' })).items).toEqual([first, second, third])
    expect((await list({ q: 'FIREFOX' })).items).toEqual([first])
    expect((await list({ q: '%_' })).items).toEqual([second])
    expect((await list({ q: '192.0.2' })).items).toEqual([second, first])
  })
})
