import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { hashSecret } from '../secret-hash'
import { findKnownDevice } from './known-device'
import { listDevices } from './list-devices'
import { revokeDevice } from './revoke-device'

const TOKEN = 'd'.repeat(43)

describeOnEachEngine('the devices of an account', open => {
  let domain: TestDomain
  let user: SessionPrincipal
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    user = await domain.signUp()
  })
  const remember = async (
    { userId }: SessionPrincipal,
    token: string,
    more: { last_sign_in_at?: number; trusted_until?: number | null; expires_at?: number } = {},
  ) => {
    const id = domain.context.newId()
    const now = domain.now()
    await domain.storage.devices.insert({
      id,
      user_id: userId,
      token_hash: hashSecret(token),
      user_agent: 'test',
      ip_address: '192.0.2.1',
      created_at: now,
      last_sign_in_at: now,
      trusted_until: null,
      expires_at: now + 1000,
      ...more,
    })
    return id
  }
  const list = (token?: string) => listDevices(domain.context, user.userId, token)
  const isKnown = async (token: string) =>
    (await findKnownDevice(domain.context, domain.storage, user.userId, {
      device: { ipAddress: '', userAgent: '' },
      deviceToken: token,
      session: undefined,
      requestId: 'req_test',
    })) !== undefined

  it('are listed by their last sign-in, each with what it is trusted for now', async () => {
    const now = domain.now()
    const older = await remember(user, 'older', { last_sign_in_at: now - 1, trusted_until: now + 1 })
    const newer = await remember(user, 'newer', { trusted_until: now })
    await remember(user, 'gone', { expires_at: now })
    await remember(await domain.signUp(), TOKEN)
    expect((await list()).map(({ row, trustedUntil }) => [row.id, trustedUntil])).toEqual([
      [newer, null],
      [older, now + 1],
    ])
  })

  it('are told apart by the cookie of the request, which a hash alone is not', async () => {
    await remember(user, TOKEN)
    const current = async (token?: string) => (await list(token)).map(({ isCurrent }) => isCurrent)
    expect(await current(TOKEN)).toEqual([true])
    for (const token of [undefined, '', 'x', hashSecret(TOKEN)]) expect(await current(token)).toEqual([false])
  })

  it('are unknown once forgotten, with their trust; of two who forget one at once one succeeds', async () => {
    const id = await remember(user, TOKEN, { trusted_until: domain.now() + 500 })
    const other = await remember(user, 'other')
    expect(await isKnown(TOKEN)).toBe(true)
    const results = await Promise.allSettled([1, 2].map(() => revokeDevice(domain.context, user, id)))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await isKnown(TOKEN)).toBe(false)
    expect((await list()).map(({ row }) => row.id)).toEqual([other])
  })

  it("of others, of nobody and past their end can't be forgotten", async () => {
    const stranger = await domain.signUp()
    const ids = [
      await remember(stranger, TOKEN),
      await remember(user, 'gone', { expires_at: domain.now() }),
      'nothing',
    ]
    for (const id of ids) {
      await expect(revokeDevice(domain.context, user, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
    expect(await domain.storage.devices.listLive(stranger.userId, domain.now())).toHaveLength(1)
  })
})
