import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import {
  createSoftwareAuthenticator,
  type Lies,
  type SoftwareAuthenticator,
} from '../../testing/software-authenticator'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { resolveSession } from '../principals/resolve-session'
import { hashSecret } from '../secret-hash'
import { endOtherProofs } from '../sessions/end-other-proofs'
import { beginRegistration } from './begin-registration'
import { beginPasskeySignIn } from './begin-sign-in'
import { registerPasskey } from './register-passkey'
import { removePasskey } from './remove-passkey'
import { signInByPasskey } from './sign-in-by-passkey'
import { userHandleOf } from './user-handle'

const ORIGIN = 'https://auth.example.com'
const visit = {
  device: { ipAddress: '192.0.2.1', userAgent: 'test' },
  deviceToken: undefined,
  session: undefined,
  requestId: 'req_test',
}
type Answer = ReturnType<SoftwareAuthenticator['get']>

describeOnEachEngine('signing in by passkey', open => {
  let domain: TestDomain
  let ada: SessionPrincipal
  let authenticator: SoftwareAuthenticator
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    ada = await domain.signUp()
    authenticator = await addPasskey(ada)
    domain.logged.length = 0
  })

  const addPasskey = async (principal: SessionPrincipal, lies: Lies = {}) => {
    const added = createSoftwareAuthenticator(ORIGIN)
    const options = await beginRegistration(domain.context, principal)
    const answer = added.create({ ...options, rp: { id: options.rp.id ?? '' } }, lies)
    await registerPasskey(domain.context, principal, { answer, name: undefined }, visit.device)
    return added
  }
  const emailOf = ({ userId }: SessionPrincipal) => `${userId.toLowerCase()}@example.com`
  const begin = async (email?: string) => {
    const { rpId = '', ...options } = await beginPasskeySignIn(domain.context, email)
    return { ...options, rpId }
  }
  const finish = (answer: Answer, more: Partial<Parameters<typeof signInByPasskey>[2]> = {}) =>
    signInByPasskey(domain.context, { answer, remember: true }, { ...visit, ...more })
  const signIn = async (lies: Lies = {}, email?: string) =>
    finish(authenticator.get(await begin(email), lies))
  const history = async ({ userId }: SessionPrincipal, success: 0 | 1) => {
    await domain.context.failedSignIns.flush()
    const rows = await domain.engine.db
      .selectFrom('login_events')
      .select('method')
      .where('user_id', '=', userId)
      .where('success', '=', success)
      .execute()
    return rows.map(({ method }) => method)
  }
  const failedTries = (principal: SessionPrincipal) => history(principal, 0)
  const stored = async () => (await domain.storage.passkeys.list(ada.userId))[0]
  const refusal = {
    code: 'INVALID_CREDENTIALS',
    message: 'This passkey was not accepted; try again, or sign in another way',
    detail: {},
  }
  const refusalOf = async (attempt: Promise<unknown>) => {
    const thrown = await attempt.then(
      () => undefined,
      error => error,
    )
    return { code: thrown?.code, message: thrown?.message, detail: thrown?.detail }
  }

  it.each([
    ['without a typed address', () => undefined],
    ['with the address typed', () => emailOf(ada)],
  ])('%s opens a session and notes the use', async (_what, email) => {
    domain.advance(1000)
    const { opened, deviceToken } = await signIn({}, email())
    expect(await resolveSession(domain.context, opened.token)).toMatchObject({
      userId: ada.userId,
      isFresh: true,
    })
    expect(
      await domain.storage.devices.findLive(ada.userId, hashSecret(deviceToken), domain.now()),
    ).toBeDefined()
    expect(await stored()).toMatchObject({ signature_count: 1, last_used_at: domain.now() })
    expect([await history(ada, 1), await failedTries(ada)]).toEqual([['passkey'], []])
  })

  it('ends the session whose cookie came along, and knows a device again', async () => {
    const first = await finish(authenticator.get(await begin()))
    const session = await resolveSession(domain.context, first.opened.token)
    const { deviceToken } = first
    const second = await finish(authenticator.get(await begin()), { session, deviceToken })
    expect(second.deviceToken).toBe(deviceToken)
    await expect(resolveSession(domain.context, first.opened.token)).rejects.toMatchObject({
      code: 'INVALID_OR_EXPIRED_TOKEN',
    })
  })

  it('stands for both factors', async () => {
    const row = { user_id: ada.userId, method: 'totp', sealed_secret: 'sealed', confirmed_at: domain.now() }
    const code = { code_hash: null, code_bound_to: null, code_expires_at: null }
    const rest = { last_used_step: 0, created_at: domain.now(), ...code }
    await domain.engine.db
      .insertInto('two_factors')
      .values({ ...row, ...rest })
      .execute()
    expect((await signIn()).outcome).toBe('signed-in')
  })

  it('takes an answer once, of many at the same time one', async () => {
    for (const email of [undefined, emailOf(ada)]) {
      const options = await begin(email)
      const answers = [1, 2, 3, 4].map(() => authenticator.get(options))
      const outcomes = await Promise.allSettled(answers.map(answer => finish(answer)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason.code).toBe('INVALID_TOKEN')
      }
      await expect(finish(authenticator.get(options))).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    }
  })

  it('of two answers with the same count takes one, though each has a challenge of its own', async () => {
    const answers = [
      authenticator.get(await begin(), { count: 5 }),
      authenticator.get(await begin(), { count: 5 }),
    ]
    const outcomes = await Promise.allSettled(answers.map(answer => finish(answer)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('uses the challenge up with a wrong answer too', async () => {
    const options = await begin()
    expect(await refusalOf(finish(authenticator.get(options, { userVerified: false })))).toEqual(refusal)
    await expect(finish(authenticator.get(options))).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
  })

  it('takes no answer after five minutes', async () => {
    const options = await begin()
    domain.advance(5 * 60_000)
    await expect(finish(authenticator.get(options))).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
  })

  it('takes no challenge that it did not hand out', async () => {
    const options = { ...(await begin()), challenge: Buffer.alloc(32).toString('base64url') }
    await expect(finish(authenticator.get(options))).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    expect(await failedTries(ada)).toEqual([])
  })

  const { privateKey: otherKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  it.each<[string, Lies, string]>([
    ['a foreign origin', { origin: 'https://evil.example' }, 'response origin'],
    ['a trusted origin that is not below the host', { origin: 'https://app.example.com' }, 'response origin'],
    ['another host', { rpId: 'evil.example' }, 'RP ID'],
    ['no user verification', { userVerified: false }, 'User verification'],
    ['no user presence', { userPresent: false }, 'User not present'],
    ['an answer to a registration', { type: 'webauthn.create' }, 'response type'],
    ['a signature of another key', { key: otherKey }, 'Wrong signature'],
    ['no user handle', { userHandle: null }, 'wrong-user-handle'],
    ['the user handle of another', { userHandle: userHandleOf('bob') }, 'wrong-user-handle'],
    ['a passkey that is synchronised all of a sudden', { isBackedUp: true }, 'backup-eligibility-changed'],
  ])('refuses %s, with the same words, and notes it in the history', async (_what, lies, reason) => {
    expect(await refusalOf(signIn(lies))).toEqual(refusal)
    expect(domain.logged[0]).toMatchObject({ reason: expect.stringContaining(reason) })
    expect(await failedTries(ada)).toEqual(['passkey'])
    expect(await stored()).toMatchObject({ signature_count: 0, last_used_at: null })
    expect(await domain.storage.sessions.listLive(ada.userId, domain.now())).toHaveLength(1)
  })

  it.each<[string, Lies]>([
    ['a frame in a page of another site', { crossOrigin: true }],
    ['a top page of another site', { topOrigin: 'https://evil.example' }],
  ])('refuses %s', async (_what, lies) => {
    await expect(signIn(lies)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
  })

  it('refuses an unknown passkey as it does a wrong signature, after the same statements', async () => {
    const counts = []
    for (const lies of [
      { key: otherKey },
      { key: otherKey, credentialId: 'A'.repeat(43) },
      { credentialId: 'B'.repeat(43) },
    ]) {
      const answer = authenticator.get(await begin(), lies)
      domain.statements.length = 0
      expect(await refusalOf(finish(answer))).toEqual(refusal)
      counts.push([...domain.statements])
    }
    expect(counts).toEqual([counts[0], counts[0], counts[0]])
    expect(counts[0]).toHaveLength(2)
    expect(await failedTries(ada)).toEqual(['passkey'])
  })

  it('refuses the passkey of another where an account was asked for', async () => {
    const bob = await domain.signUp()
    await addPasskey(bob)
    expect(await refusalOf(signIn({}, emailOf(bob)))).toEqual(refusal)
    expect(await refusalOf(signIn({ userHandle: userHandleOf(bob.userId) }, emailOf(bob)))).toEqual(refusal)
    expect(await failedTries(ada)).toEqual(['passkey', 'passkey'])
    expect(await failedTries(bob)).toEqual([])
  })

  it('does not tell by one’s own passkey which addresses have some', async () => {
    const bob = await domain.signUp()
    const withPasskey = await domain.signUp()
    await addPasskey(withPasskey)
    for (const email of [emailOf(withPasskey), emailOf(bob), 'nobody@example.com'])
      expect(await refusalOf(signIn({}, email))).toEqual(refusal)
  })

  it('refuses a copy that counts behind, and warns', async () => {
    await signIn({ count: 10 })
    for (const count of [10, 9, 0]) {
      domain.logged.length = 0
      expect(await refusalOf(signIn({ count }))).toEqual(refusal)
      expect(domain.logged[0]).toMatchObject({
        event: 'passkey.count_went_back',
        userId: ada.userId,
        storedCount: 10,
        signedCount: count,
      })
    }
    expect((await signIn({ count: 11 })).outcome).toBe('signed-in')
    domain.logged.length = 0
    await refusalOf(signIn({ count: 1, key: otherKey }))
    expect(domain.logged).not.toContainEqual(expect.objectContaining({ event: 'passkey.count_went_back' }))
  })

  it('lets passkeys that never count sign in again and again', async () => {
    for (let n = 0; n < 3; n++) expect((await signIn({ count: 0 })).outcome).toBe('signed-in')
  })

  it('tells only who has the passkey that the account is disabled, and opens no session', async () => {
    await domain.storage.users.update(ada.userId, { is_active: 0 })
    await expect(signIn()).rejects.toMatchObject({ code: 'USER_NOT_ACTIVE' })
    expect(await refusalOf(signIn({ key: otherKey }))).toEqual(refusal)
    expect(await domain.storage.sessions.listLive(ada.userId, domain.now())).toHaveLength(1)
    expect(await stored()).toMatchObject({ last_used_at: null })
  })

  it('knows nothing more of a deleted account or a removed passkey', async () => {
    const [open1, bound] = [await begin(), await begin(emailOf(ada))]
    const bob = await domain.signUp()
    const removed = await addPasskey(bob)
    const [{ id = '' } = {}] = await domain.storage.passkeys.list(bob.userId)
    const boundToBob = await begin(emailOf(bob))
    await removePasskey(domain.context, bob, id)
    expect(await refusalOf(finish(removed.get(await begin())))).toEqual(refusal)
    expect(await refusalOf(finish(removed.get(boundToBob)))).toEqual(refusal)
    await domain.storage.users.delete(ada.userId)
    expect(await refusalOf(finish(authenticator.get(open1)))).toEqual(refusal)
    await expect(finish(authenticator.get(bound))).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
  })

  it('takes no challenge of the account after a change of how one signs in; the passkey stays', async () => {
    const bound = await begin(emailOf(ada))
    await endOtherProofs(domain.context, domain.storage, ada.userId, undefined)
    await expect(finish(authenticator.get(bound))).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    expect((await signIn()).outcome).toBe('signed-in')
  })
})
