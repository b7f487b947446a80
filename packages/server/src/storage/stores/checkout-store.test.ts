import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { organizationRow } from '../../testing/rows'
import { createStorage, type Storage } from '../storage'
import type { CheckoutRow } from './checkout-store'

describeOnEachEngine('checkouts', open => {
  let storage: Storage
  let counter = 0
  let checkout: CheckoutRow
  beforeAll(async () => {
    const engine = await open()
    storage = createStorage(engine)
    for (const id of ['one', 'other'])
      await engine.db.insertInto('organizations').values(organizationRow(id)).execute()
  })
  beforeEach(async () => {
    checkout = {
      organization_id: 'one',
      id: `checkout-${++counter}`,
      provider: 'sandbox',
      kind: 'credits',
      tier_id: null,
      billing_interval: null,
      seat_count: null,
      slot_packs: null,
      credits: 1,
      success_url: '',
      cancel_url: '',
      status: 'open',
      created_at: 0,
      expires_at: 100,
    }
    await storage.checkouts.insert(checkout)
  })
  const status = async () => (await storage.checkouts.findById(checkout.id))?.status

  it('are closed once, by one of twenty at the same time', async () => {
    const closed = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        storage.checkouts.close(checkout, index % 2 ? 'complete' : 'expired'),
      ),
    )
    expect(closed.filter(Boolean)).toHaveLength(1)
    const before = await status()
    await storage.checkouts.close(checkout, 'open')
    expect(await status()).toBe(before)
  })

  it('are found, closed and listed in their own organization alone', async () => {
    const foreign = { ...checkout, organization_id: 'other' }
    expect(await storage.checkouts.find('other', checkout.id)).toBeUndefined()
    expect(await storage.checkouts.close(foreign, 'complete')).toBe(false)
    expect(await storage.checkouts.listOpen('other', 'sandbox', 0)).toEqual([])
    expect(await storage.checkouts.listOpen('one', 'sandbox', 0)).toContainEqual(checkout)
    expect(await storage.checkouts.listOpen('one', 'stripe', 0)).toEqual([])
    expect(await storage.checkouts.listOpen('one', 'sandbox', 100)).toEqual([])
    expect(await status()).toBe('open')
  })
})
