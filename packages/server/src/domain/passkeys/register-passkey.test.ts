import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import {
  type CreationOptions,
  createSoftwareAuthenticator,
  type Lies,
  type SoftwareAuthenticator,
} from '../../testing/software-authenticator'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { endOtherProofs } from '../sessions/end-other-proofs'
import { renewSessionSecret } from '../sessions/renew-session-secret'
import { beginRegistration } from './begin-registration'
import { beginPasskeySignIn } from './begin-sign-in'
import { registerPasskey } from './register-passkey'
import { removePasskey } from './remove-passkey'
import { renamePasskey } from './rename-passkey'
import { signInByPasskey } from './sign-in-by-passkey'

const ORIGIN = 'https://auth.example.com'
const device = { ipAddress: '192.0.2.1', userAgent: 'snoop-cli/0.1.0' }

describeOnEachEngine('registering a passkey', open => {
  let domain: TestDomain
  let ada: SessionPrincipal
  let authenticator: SoftwareAuthenticator
  beforeAll(async () => {
    const engine = await open()
    domain = createTestDomain(engine, {
      trustedOrigins: ['https://app.auth.example.com', 'https://example.com'],
    })
  })
  beforeEach(async () => {
    ada = await domain.signUp()
    authenticator = createSoftwareAuthenticator(ORIGIN)
    domain.mails.length = 0
  })

  const begin = async (principal = ada) => {
    const options = await beginRegistration(domain.context, principal)
    return { ...options, rp: { id: options.rp.id ?? '' } }
  }
  const finish = (answer: ReturnType<SoftwareAuthenticator['create']>, principal = ada, name?: string) =>
    registerPasskey(domain.context, principal, { answer, name }, device)
  const register = async (lies: Lies = {}, principal = ada, name?: string) =>
    finish(authenticator.create(await begin(principal), lies), principal, name)
  const passkeys = (principal = ada) => domain.storage.passkeys.list(principal.userId)

  it('keeps the public key and says so by mail', async () => {
    const row = await register({ isBackedUp: true }, ada, 'My laptop')
    expect(row).toMatchObject({
      user_id: ada.userId,
      credential_id: authenticator.credentialId,
      signature_count: 0,
      transports: '["internal"]',
      device_type: 'multiDevice',
      backed_up: 1,
      name: 'My laptop',
      created_at: domain.now(),
      last_used_at: null,
    })
    expect(await passkeys()).toEqual([row])
    expect(domain.mails.map(({ to, subject }) => [to, subject])).toEqual([
      [`${ada.userId.toLowerCase()}@example.com`, 'A passkey was added'],
    ])
    expect(domain.mails[0]?.text).toContain('My laptop')
  })

  it('names it for the program that it was made with', async () => {
    expect((await register()).name).toBe('Passkey made with snoop-cli/0.1.0')
  })

  it('asks for a passkey that the device keeps, after a finger or PIN, and for no attestation', async () => {
    await register()
    const { challenge, user, ...options } = await begin()
    expect(options).toMatchObject({
      rp: { id: 'auth.example.com' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [{ id: authenticator.credentialId, type: 'public-key', transports: ['internal'] }],
    })
    expect(Buffer.from(challenge, 'base64url')).toHaveLength(32)
    expect(Buffer.from(user.id, 'base64url').toString()).toBe(ada.userId)
  })

  it('takes an answer once, of two at the same time one', async () => {
    const options = await begin()
    const answers = [1, 2, 3].map(() => createSoftwareAuthenticator(ORIGIN).create(options))
    const outcomes = await Promise.allSettled(answers.map(answer => finish(answer)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason.code).toBe('INVALID_TOKEN')
    }
    await expect(finish(authenticator.create(options))).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    expect(await passkeys()).toHaveLength(1)
  })

  it('uses the challenge up with a wrong answer too', async () => {
    const options = await begin()
    const wrong = authenticator.create(options, { origin: 'https://evil.example' })
    await expect(finish(wrong)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    await expect(finish(authenticator.create(options))).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    expect(await passkeys()).toEqual([])
  })

  it('takes no answer after five minutes', async () => {
    const late = await begin()
    domain.advance(5 * 60_000)
    await expect(finish(authenticator.create(late))).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    const intime = await begin()
    domain.advance(5 * 60_000 - 1)
    expect(await finish(authenticator.create(intime))).toBeDefined()
  })

  it('takes no answer of another user, of another session, or after the session has a new secret', async () => {
    const other = await domain.signUp()
    const ownOther = { ...other, userId: ada.userId, session: { ...other.session, user_id: ada.userId } }
    for (const principal of [other, ownOther, { ...other, session: ada.session }]) {
      const answer = authenticator.create(await begin())
      await expect(finish(answer, principal)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    }
    const answer = authenticator.create(await begin())
    const { session } = await renewSessionSecret(domain.context, domain.storage, ada)
    await expect(finish(answer, { ...ada, session })).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    expect(await passkeys()).toEqual([])
    expect(await passkeys(other)).toEqual([])
  })

  it('takes no answer to a challenge that was ended, or of a session that ends in the same moment', async () => {
    const ended = authenticator.create(await begin())
    await endOtherProofs(domain.context, domain.storage, ada.userId, ada.session.id)
    await expect(finish(ended)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    const answer = authenticator.create(await begin())
    await domain.storage.sessions.delete(ada.userId, ada.session.id, domain.now())
    await expect(finish(answer)).rejects.toMatchObject({ code: 'INVALID_OR_EXPIRED_TOKEN' })
    expect(await passkeys()).toEqual([])
  })

  it('takes no challenge of a sign-in, nor does a sign-in take one of a registration', async () => {
    await register()
    const { challenge } = await beginPasskeySignIn(domain.context, undefined)
    const crossed = createSoftwareAuthenticator(ORIGIN).create({ ...(await begin()), challenge })
    await expect(finish(crossed)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    const answer = authenticator.get({ challenge: (await begin()).challenge, rpId: 'auth.example.com' })
    const visit = { device, deviceToken: undefined, session: undefined, requestId: 'req_test' }
    await expect(signInByPasskey(domain.context, { answer, remember: true }, visit)).rejects.toMatchObject({
      code: 'INVALID_TOKEN',
    })
    expect(await passkeys()).toHaveLength(1)
  })

  it.each<[string, Lies, string]>([
    ['a foreign origin', { origin: 'https://evil.example' }, 'response origin'],
    ['a trusted origin that is not below the host', { origin: 'https://example.com' }, 'response origin'],
    ['the own host by plain HTTP', { origin: 'http://auth.example.com' }, 'response origin'],
    ['the own host on another port', { origin: 'https://auth.example.com:8443' }, 'response origin'],
    ['another host', { rpId: 'example.com' }, 'RP ID'],
    ['no user verification', { userVerified: false }, 'User verification'],
    ['no user presence', { userPresent: false }, 'User presence'],
    ['a signature to sign in', { type: 'webauthn.get' }, 'response type'],
    ['an algorithm that was not asked for', { algorithm: -39 }, 'alg "-39"'],
    ['an id that is too short', { credentialId: 'AAAA' }, 'wrong length'],
    ['an id that is too long', { credentialId: 'A'.repeat(1368) }, 'wrong length'],
  ])('refuses %s in plain words, and logs why', async (_what, lies, reason) => {
    domain.logged.length = 0
    const { code, message, detail } = await register(lies).catch(thrown => thrown)
    expect({ code, message, detail }).toEqual({
      code: 'INVALID_TOKEN',
      message: 'This passkey was not accepted; start again',
      detail: {},
    })
    expect(domain.logged[0]).toMatchObject({ reason: expect.stringContaining(reason) })
    expect(await passkeys()).toEqual([])
    expect(domain.mails).toEqual([])
  })

  it.each<[string, Lies]>([
    ['a frame in a page of another site', { crossOrigin: true }],
    ['a top page of another site', { topOrigin: 'https://evil.example' }],
  ])('refuses %s', async (_what, lies) => {
    await expect(register(lies)).rejects.toMatchObject({
      code: 'INVALID_TOKEN',
      message: 'A passkey cannot be used here inside a page of another site',
    })
    expect(await passkeys()).toEqual([])
  })

  it.each([
    ['no base64url', (text: string) => ({ clientDataJSON: '!', attestationObject: text })],
    ['no JSON', (text: string) => ({ clientDataJSON: 'AAAA', attestationObject: text })],
    [
      'a challenge that is no text',
      () => ({ clientDataJSON: encodeJson({ challenge: 1 }), attestationObject: 'AAAA' }),
    ],
    ['null', () => ({ clientDataJSON: encodeJson(null), attestationObject: 'AAAA' })],
  ])('refuses client data with %s', async (_what, lie) => {
    const answer = authenticator.create(await begin())
    const response = { ...answer.response, ...lie(answer.response.attestationObject) }
    await expect(finish({ ...answer, response })).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
  })

  it.each([
    ['nothing', Buffer.from([0x00])],
    ['an empty map', Buffer.from([0xa0])],
    ['a list of four thousand million', Buffer.from('9affffffff', 'hex')],
    ['lists in lists', Buffer.alloc(45_000, 0x81)],
    ['short authenticator data', Buffer.from('a16861757468446174614100', 'hex')],
    ['authenticator data that is text', Buffer.from(`a16861757468446174617825${'41'.repeat(37)}`, 'hex')],
  ])('refuses an attestation object with %s', async (_what, bytes) => {
    const answer = authenticator.create(await begin())
    const response = { ...answer.response, attestationObject: bytes.toString('base64url') }
    await expect(finish({ ...answer, response })).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
  })

  it('reads nothing of an attestation that it did not ask for', async () => {
    const attStmt = new Map<string, number | Uint8Array>([
      ['alg', -7],
      ['sig', Buffer.from('no signature')],
    ])
    expect(await register({ attestation: { fmt: 'packed', attStmt } })).toMatchObject({ user_id: ada.userId })
    authenticator = createSoftwareAuthenticator(ORIGIN)
    expect(await register({ attestation: { fmt: 'tpm', attStmt: new Map() } })).toMatchObject({
      user_id: ada.userId,
    })
  })

  it('takes the answer of a trusted page below the own host', async () => {
    expect(await register({ origin: 'https://app.auth.example.com' })).toMatchObject({ user_id: ada.userId })
  })

  it('refuses a passkey that some account has, in the same way one that was made up for an address', async () => {
    await register()
    const bob = await domain.signUp()
    const { allowCredentials: [decoy] = [] } = await beginPasskeySignIn(domain.context, 'nobody@example.com')
    const errors = []
    for (const [principal, credentialId] of [
      [ada, authenticator.credentialId],
      [bob, authenticator.credentialId],
      [bob, decoy?.id ?? ''],
    ] as const) {
      const answer = createSoftwareAuthenticator(ORIGIN).create(await begin(principal), { credentialId })
      const { code, message, detail } = await finish(answer, principal).catch(thrown => thrown)
      errors.push({ code, message, detail })
    }
    expect(errors[0]?.code).toBe('CONFLICT')
    expect(errors).toEqual([errors[0], errors[0], errors[0]])
    expect([(await passkeys()).length, (await passkeys(bob)).length]).toEqual([1, 0])
  })

  it('stops at twenty, also when many are made at once', async () => {
    const options: CreationOptions[] = []
    for (let n = 0; n < 22; n++) options.push(await begin())
    for (const each of options.slice(0, 19)) await finish(createSoftwareAuthenticator(ORIGIN).create(each))
    const last = options.slice(19).map(each => finish(createSoftwareAuthenticator(ORIGIN).create(each)))
    const outcomes = await Promise.allSettled(last)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await passkeys()).toHaveLength(20)
    await expect(begin()).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('renames and removes what is the caller’s alone; a removal is told by mail, of the last one too', async () => {
    const { id } = await register()
    const bob = await domain.signUp()
    await expect(renamePasskey(domain.context, bob, id, 'mine')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(removePasskey(domain.context, bob, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await renamePasskey(domain.context, ada, id, 'Old phone')).name).toBe('Old phone')
    domain.mails.length = 0
    expect((await removePasskey(domain.context, ada, id)).name).toBe('Old phone')
    expect(domain.mails.map(({ subject }) => subject)).toEqual(['A passkey was removed'])
    await expect(removePasskey(domain.context, ada, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await passkeys()).toEqual([])
  })

  it('logs no challenge', async () => {
    domain.logged.length = 0
    const options = await begin()
    await finish(authenticator.create(options, { userVerified: false })).catch(() => {})
    expect(domain.logged).toContainEqual(expect.objectContaining({ event: 'passkey.registration_refused' }))
    expect(JSON.stringify(domain.logged)).not.toContain(options.challenge)
  })
})

const encodeJson = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
