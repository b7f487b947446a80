import { beforeAll, expect, it } from 'vitest'
import type { StorageEngine } from '../storage/engine'
import type {
  ChallengeTable,
  CheckoutTable,
  DeviceTable,
  GuessCounterTable,
  LoginEventTable,
  OutboxTable,
  SessionTable,
} from '../storage/schema'
import { createStorage, type Storage } from '../storage/storage'
import type { LinkTokenRow } from '../storage/stores/link-token-store'
import type { TokenFamilyRow } from '../storage/stores/token-family-store'
import { describeOnEachEngine } from '../testing/on-each-engine'
import { organizationRow, userRow } from '../testing/rows'
import { sweepExpired } from './sweep-expired'

const DAY = 24 * 3600_000
const NOW = 1000 * DAY
const LONG_AGO = NOW - 7 * DAY - 1

const session = (id: string, expires_at: number): SessionTable => ({
  id,
  user_id: 'user',
  token_hash: id,
  ip_address: '',
  user_agent: '',
  created_at: 0,
  authenticated_at: 0,
  renewed_at: 0,
  last_seen_at: 0,
  expires_at,
  remember: 1,
})
const family = (id: string, expires_at: number): TokenFamilyRow => ({
  id,
  user_id: 'user',
  ip_address: '',
  user_agent: '',
  created_at: 0,
  expires_at,
  ended_at: null,
})
const link = (id: string, expires_at: number, used_at: number | null): LinkTokenRow => ({
  id,
  user_id: 'user',
  purpose: 'verify-email',
  token_hash: id,
  email: '',
  callback_url: null,
  created_at: 0,
  expires_at,
  used_at,
  session_id: null,
  remember: 1,
})
const challenge = (id: string, expires_at: number): ChallengeTable => ({
  id,
  kind: 'two-factor',
  user_id: 'user',
  session_id: null,
  token_hash: id,
  sealed_data: null,
  wrong_codes: 0,
  created_at: 0,
  expires_at,
})
const device = (id: string, expires_at: number): DeviceTable => ({
  id,
  user_id: 'user',
  token_hash: id,
  user_agent: '',
  ip_address: '',
  created_at: 0,
  last_sign_in_at: 0,
  trusted_until: null,
  expires_at,
})
const loginEvent = (id: string, created_at: number): LoginEventTable => ({
  id,
  user_id: 'user',
  method: 'password',
  ip_address: '',
  user_agent: '',
  success: 1,
  created_at,
})
const guesses = (subject: string, updated_at: number): GuessCounterTable => ({
  subject,
  attempts: 100,
  blocked_until: 0,
  updated_at,
})
const checkout = (id: string, expires_at: number): CheckoutTable => ({
  organization_id: 'organization',
  id,
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
  expires_at,
})
const mail = (id: string, sent_at: number | null): OutboxTable => ({
  id,
  sealed_mail: '',
  attempts: 0,
  next_attempt_at: 0,
  sent_at,
  last_error: null,
  created_at: 0,
})

describeOnEachEngine('the sweep', open => {
  let engine: StorageEngine
  let storage: Storage
  beforeAll(async () => {
    engine = await open()
    storage = createStorage(engine)
    await engine.db.insertInto('users').values(userRow('user')).execute()
  })
  const idsIn = async (
    table:
      | 'sessions'
      | 'token_families'
      | 'refresh_tokens'
      | 'link_tokens'
      | 'outbox'
      | 'challenges'
      | 'devices'
      | 'login_events'
      | 'checkouts'
      | 'payment_events',
  ): Promise<string[]> =>
    (await engine.db.selectFrom(table).select('id').orderBy('id').execute()).map(({ id }) => id)

  it('removes what ended, or was sent, more than seven days ago, and only that', async () => {
    await engine.db
      .insertInto('sessions')
      .values([session('live', NOW + 1), session('ended', NOW - 7 * DAY), session('old', LONG_AGO)])
      .execute()
    const families = [family('live', NOW + 1), family('ended', NOW - 7 * DAY), family('old', LONG_AGO)]
    await engine.db.insertInto('token_families').values(families).execute()
    for (const { id } of families) {
      const token = { id, family_id: id, token_hash: id, created_at: 0, used_at: null }
      await engine.db.insertInto('refresh_tokens').values(token).execute()
    }
    await engine.db
      .insertInto('link_tokens')
      .values([
        link('live', NOW + 1, null),
        link('used', NOW + 1, LONG_AGO),
        link('ended', NOW - 7 * DAY, null),
        link('old', LONG_AGO, null),
      ])
      .execute()
    await engine.db
      .insertInto('outbox')
      .values([mail('waiting', null), mail('sent', NOW - 7 * DAY), mail('old', LONG_AGO)])
      .execute()
    expect(await sweepExpired(storage, NOW)).toBe(4)
    expect(await idsIn('sessions')).toEqual(['ended', 'live'])
    expect(await idsIn('token_families')).toEqual(['ended', 'live'])
    expect(await idsIn('refresh_tokens')).toEqual(['ended', 'live'])
    expect(await idsIn('link_tokens')).toEqual(['ended', 'live', 'used'])
    expect(await idsIn('outbox')).toEqual(['sent', 'waiting'])
    expect(await sweepExpired(storage, NOW)).toBe(0)
  })

  it('removes challenges and devices as soon as they have ended', async () => {
    await engine.db
      .insertInto('challenges')
      .values([challenge('live', NOW + 1), challenge('at its end', NOW), challenge('ended', NOW - 1)])
      .execute()
    await engine.db
      .insertInto('devices')
      .values([device('live', NOW + 1), device('at its end', NOW), device('ended', NOW - 1)])
      .execute()
    expect(await sweepExpired(storage, NOW)).toBe(2)
    expect(await idsIn('challenges')).toEqual(['at its end', 'live'])
    expect(await idsIn('devices')).toEqual(['at its end', 'live'])
  })

  it('removes sign-ins of more than 180 days ago, and counters untouched for more than 30', async () => {
    await engine.db
      .insertInto('login_events')
      .values([
        loginEvent('new', NOW),
        loginEvent('180 days', NOW - 180 * DAY),
        loginEvent('old', NOW - 180 * DAY - 1),
      ])
      .execute()
    await engine.db
      .insertInto('guess_counters')
      .values([guesses('new', NOW), guesses('30 days', NOW - 30 * DAY), guesses('old', NOW - 30 * DAY - 1)])
      .execute()
    expect(await sweepExpired(storage, NOW)).toBe(2)
    expect(await idsIn('login_events')).toEqual(['180 days', 'new'])
    const counters = await engine.db
      .selectFrom('guess_counters')
      .select('subject')
      .orderBy('subject')
      .execute()
    expect(counters.map(({ subject }) => subject)).toEqual(['30 days', 'new'])
  })

  it('removes checkouts that ended more than 30 days ago, and events of payments of more than 60', async () => {
    await engine.db.insertInto('organizations').values(organizationRow('organization')).execute()
    await engine.db
      .insertInto('checkouts')
      .values([
        checkout('open', NOW + 1),
        checkout('30 days', NOW - 30 * DAY),
        checkout('old', NOW - 30 * DAY - 1),
      ])
      .execute()
    const event = (id: string, created_at: number) => ({ id, type: 'invoice.paid', created_at })
    await engine.db
      .insertInto('payment_events')
      .values([event('new', NOW), event('60 days', NOW - 60 * DAY), event('old', NOW - 60 * DAY - 1)])
      .execute()
    expect(await sweepExpired(storage, NOW)).toBe(2)
    expect(await idsIn('checkouts')).toEqual(['30 days', 'open'])
    expect(await idsIn('payment_events')).toEqual(['60 days', 'new'])
  })

  it('removes thousands in turns that let requests pass', async () => {
    for (let batch = 0; batch < 5; batch++) {
      const rows = Array.from({ length: 450 }, (_, index) => session(`${batch}-${index}`, LONG_AGO))
      await engine.db.insertInto('sessions').values(rows).execute()
    }
    let isDone = false
    const sweeping = sweepExpired(storage, NOW).finally(() => {
      isDone = true
    })
    let turns = 0
    for (; !isDone; turns++) await new Promise(resolve => setImmediate(resolve))
    expect(await sweeping).toBe(2250)
    expect(turns).toBeGreaterThanOrEqual(5)
    expect(await idsIn('sessions')).toEqual(['ended', 'live'])
  })

  it('by several processes at once removes each row once', async () => {
    const rows = Array.from({ length: 900 }, (_, index) => session(`row-${index}`, LONG_AGO))
    await engine.db.insertInto('sessions').values(rows).execute()
    const counts = await Promise.all([1, 2, 3].map(() => sweepExpired(storage, NOW)))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(900)
  })
})
