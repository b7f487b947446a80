import { API_KEY_STATES } from '@snoop/sdk/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain } from '../../testing/test-domain'
import { apiKeyState, isKeyAccepted } from './api-key-state'

type Life = Parameters<typeof apiKeyState>[0]

const active: Life = { enabled: 1, expires_at: null, revoked_at: null, rotated_to: null }
const lives: fc.Arbitrary<Life> = fc.record({
  enabled: fc.constantFrom(0, 1),
  expires_at: fc.option(fc.integer({ min: 8, max: 12 })),
  revoked_at: fc.option(fc.integer({ min: 8, max: 12 })),
  rotated_to: fc.option(fc.constant('ak_successor')),
})

describe('the state of a key at 10', () => {
  it.each<[string, Partial<Life>]>([
    ['active', {}],
    ['active', { expires_at: 11 }],
    ['active', { rotated_to: 'ak_2', expires_at: 11 }],
    ['disabled', { enabled: 0 }],
    ['disabled', { enabled: 0, expires_at: 11 }],
    ['expired', { expires_at: 10 }],
    ['expired', { expires_at: 10, enabled: 0 }],
    ['rotated', { rotated_to: 'ak_2', expires_at: 10 }],
    ['rotated', { rotated_to: 'ak_2', expires_at: 9, enabled: 0 }],
    ['revoked', { revoked_at: 9 }],
    ['revoked', { revoked_at: 9, rotated_to: 'ak_2', expires_at: 9, enabled: 0 }],
  ])('is %s for %j', (state, life) => {
    expect(apiKeyState({ ...active, ...life }, 10)).toBe(state)
    expect(isKeyAccepted({ ...active, ...life }, 10)).toBe(state === 'active')
  })

  it('never becomes active again by time alone', () => {
    fc.assert(
      fc.property(lives, life => {
        const accepted = [7, 8, 9, 10, 11, 12, 13].map(now => isKeyAccepted(life, now))
        expect(accepted.lastIndexOf(true)).toBe(accepted.filter(Boolean).length - 1)
      }),
    )
  })
})

describeOnEachEngine('the state of a key', open => {
  it('is the same in lists, whatever the row', async () => {
    const domain = createTestDomain(await open(), { maxKeysPerAccount: 1000 })
    const owner = await domain.signUp()
    const { row } = await domain.createKey(owner)
    const rows = fc.sample(lives, 200).map(
      (life, index): ApiKeyRow => ({
        ...row,
        ...life,
        id: `ak_${index}`,
        key_hash: `hash-${index}`,
      }),
    )
    await domain.engine.db.insertInto('api_keys').values(rows).execute()
    const filter = { userId: owner.userId, organizationId: null }
    const page = { offset: 0, limit: 1000, sort: 'createdAt' }
    for (const now of [7, 9, 10, 13]) {
      for (const state of API_KEY_STATES) {
        const { items } = await domain.storage.apiKeys.list(filter, page, { state: state }, now)
        const expected = [row, ...rows].filter(candidate => apiKeyState(candidate, now) === state)
        expect(items.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort())
      }
    }
  })
})
