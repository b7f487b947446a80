import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { setUserActive } from '../accounts/set-user-active'
import { resolveAccessToken } from '../principals/resolve-access-token'
import { endOtherProofs } from '../sessions/end-other-proofs'
import type { Visit } from '../sign-in/visit'
import { grantByPassword } from './grant-by-password'
import type { IssuedTokens } from './issue-tokens'
import { refreshTokens } from './refresh-tokens'
import { revokeTokenFamily } from './revoke-token-family'

const SECOND = 1000
const DAY = 24 * 3600 * SECOND
const VISIT: Visit = {
  device: { ipAddress: '192.0.2.1', userAgent: 'curl/8.5.0' },
  deviceToken: undefined,
  session: undefined,
  requestId: 'req_test',
}

type Claims = Record<string, unknown>
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part = ''): Claims => JSON.parse(Buffer.from(part, 'base64url').toString())
const hmac = (key: Buffer | string, text: string, hash = 'sha256') =>
  createHmac(hash, key).update(text).digest('base64url')

describeOnEachEngine('an access token', open => {
  let domain: TestDomain
  let userId: string
  let email: string
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    ;({ userId, email } = await newUser())
    organizationId = await domain.foundOrganization({ [userId]: 'owner' })
  })

  const newUser = async () => {
    const { userId } = await domain.signUp()
    await domain.storage.users.update(userId, { password_hash: 'hash of right' })
    return { userId, email: (await domain.storage.users.find(userId))?.email ?? '' }
  }
  const grant = async (identifier = email): Promise<IssuedTokens> => {
    const granted = await grantByPassword(domain.context, { identifier, password: 'right' }, VISIT)
    if (granted.outcome !== 'issued') throw new Error('a second factor was asked for')
    return granted
  }
  const refresh = (token: string) => refreshTokens(domain.context, token, VISIT)
  const resolve = (token: string) => resolveAccessToken(domain.context, token)
  const codeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'OK',
      error => (error as { code: string }).code,
    )
  const audited = async () =>
    (
      await domain.engine.db
        .selectFrom('audit_events')
        .selectAll()
        .where('organization_id', '=', organizationId)
        .orderBy('sequence')
        .execute()
    ).map(({ action, outcome, actor_id, credential_type, ip_address }) => ({
      action,
      outcome,
      actor_id,
      credential_type,
      ip_address,
    }))
  /** A token with another header or other claims, signed by `seal`. */
  const forge = (
    token: string,
    header: Claims,
    claims: Claims,
    seal: (text: string) => string = text => hmac(domain.context.secrets.tokenKey, text),
  ) => {
    const [head, body] = token.split('.')
    const text = `${encode({ ...decode(head), ...header })}.${encode({ ...decode(body), ...claims })}`
    return `${text}.${seal(text)}`
  }

  it('is a JWT that says for whom, from whom, for what and for how long', async () => {
    const { accessToken, refreshToken, expiresInSeconds } = await grant()
    const [header, claims] = accessToken.split('.')
    expect(accessToken).toMatch(/^eyJhbGciOiJIUzI1NiIs/)
    expect(decode(header)).toEqual({ alg: 'HS256', typ: 'JWT' })
    const seconds = domain.now() / SECOND
    expect(decode(claims)).toEqual({
      iss: 'https://auth.example.com',
      sub: userId,
      aud: 'https://auth.example.com/api',
      iat: seconds,
      exp: seconds + 86_400,
      jti: expect.stringMatching(/^[0-9A-Z]{26}$/),
    })
    expect(expiresInSeconds).toBe(86_400)
    expect(refreshToken).toMatch(/^[\w-]{43}$/)
    expect(await resolve(accessToken)).toMatchObject({
      kind: 'accessToken',
      userId,
      scopes: ['qr:read', 'qr:write', 'url:read', 'url:write'],
      pinnedOrganizationId: null,
    })
  })

  it('asks the database once, and not at all if it was not signed here', async () => {
    const { accessToken } = await grant()
    domain.statements.length = 0
    await resolve(accessToken)
    expect(domain.statements).toEqual([expect.stringMatching(/^select [^;]* from refresh_tokens/)])
    domain.statements.length = 0
    await codeOf(resolve(accessToken.replace(/\.(?=[^.]+$)./, text => (text === '.A' ? '.B' : '.A'))))
    expect(domain.statements).toEqual([])
  })

  it('is good for a day, to the second', async () => {
    const { accessToken } = await grant()
    domain.advance(DAY - 1)
    expect(await codeOf(resolve(accessToken))).toBe('OK')
    domain.advance(1)
    expect(await codeOf(resolve(accessToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
  })

  it('is not taken from anybody else, whatever it says of itself', async () => {
    const { accessToken, refreshToken } = await grant()
    const other = await newUser()
    const [, theirs] = (await grant(other.email)).accessToken.split('.')
    const [head, body, signature] = accessToken.split('.')
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const byRsa = (text: string) => sign('sha256', Buffer.from(text), privateKey).toString('base64url')
    const { tokenKey } = domain.context.secrets
    const later = domain.now() / SECOND + 10 * DAY
    const forged: Record<string, string> = {
      'alg none, unsigned': forge(accessToken, { alg: 'none' }, {}, () => ''),
      'alg None, unsigned': forge(accessToken, { alg: 'None' }, {}, () => ''),
      'alg none, signed': forge(accessToken, { alg: 'none' }, {}),
      'RS256 by a key of its own': forge(accessToken, { alg: 'RS256' }, {}, byRsa),
      'RS256 said, HMAC done': forge(accessToken, { alg: 'RS256' }, {}),
      'a key in the header': forge(
        accessToken,
        { jwk: { kty: 'oct', k: Buffer.from('k'.repeat(32)).toString('base64url') } },
        {},
        text => hmac('k'.repeat(32), text),
      ),
      'HMAC by a public key': forge(accessToken, {}, {}, text => hmac(pem, text)),
      'HMAC by nothing': forge(accessToken, {}, {}, text => hmac('', text)),
      'HMAC by another server': forge(accessToken, {}, {}, text => hmac(randomBytes(32), text)),
      'HS512 by the right key': forge(accessToken, { alg: 'HS512' }, {}, text =>
        hmac(tokenKey, text, 'sha512'),
      ),
      'another type': forge(accessToken, { typ: 'at+jwt' }, {}),
      'a critical extension': forge(accessToken, { crit: ['x'], x: 1 }, {}),
      'a changed payload': `${head}.${encode({ ...decode(body), exp: later })}.${signature}`,
      'the payload of another user': `${head}.${theirs}.${signature}`,
      'no signature': `${head}.${body}.`,
      'two parts': `${head}.${body}`,
      'five parts': `${accessToken}..`,
      'another issuer': forge(accessToken, {}, { iss: 'https://evil.example.com' }),
      'another audience': forge(accessToken, {}, { aud: 'https://auth.example.com' }),
      'no end': forge(accessToken, {}, { exp: undefined }),
      'an end long ago': forge(accessToken, {}, { exp: 1 }),
      'a time to come': forge(accessToken, {}, { nbf: later }),
      'another user': forge(accessToken, {}, { sub: other.userId }),
      'the token id of another user': forge(accessToken, {}, { jti: decode(theirs).jti }),
      'an unknown token id': forge(accessToken, {}, { jti: domain.context.newId() }),
      'no token id': forge(accessToken, {}, { jti: undefined }),
      'a token id that is none': forge(accessToken, {}, { jti: 7 }),
      'a refresh token': refreshToken,
      nothing: '',
    }
    // The way of forging works: nothing changed, it is the token itself.
    expect(forge(accessToken, {}, {})).toBe(accessToken)
    for (const [name, token] of Object.entries(forged))
      expect(`${name}: ${await codeOf(resolve(token))}`).toBe(`${name}: INVALID_OR_EXPIRED_TOKEN`)
    expect(await codeOf(resolve(accessToken))).toBe('OK')
  })

  it('is refused from the moment on that its user is disabled, and dead when the user is enabled again', async () => {
    const { accessToken, refreshToken } = await grant()
    await setUserActive(domain.context, email, false)
    expect(await codeOf(resolve(accessToken))).toBe('USER_NOT_ACTIVE')
    expect(await codeOf(refresh(refreshToken))).toBe('USER_NOT_ACTIVE')
    await setUserActive(domain.context, email, true)
    expect(await codeOf(resolve(accessToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await codeOf(refresh(refreshToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
  })

  it('does not tell of a disabled user to who has a dead one', async () => {
    const { accessToken, refreshToken } = await grant()
    await domain.context.storage.tokenFamilies.endAll(userId, domain.now())
    await setUserActive(domain.context, email, false)
    expect(await codeOf(resolve(accessToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await codeOf(refresh(refreshToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
  })

  it('ends with everything that one signs in by, and those of others go on', async () => {
    const { accessToken, refreshToken } = await grant()
    const other = await grant((await newUser()).email)
    await endOtherProofs(domain.context, domain.storage, userId, 'a session that stays')
    expect(await codeOf(resolve(accessToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await codeOf(refresh(refreshToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await codeOf(resolve(other.accessToken))).toBe('OK')
    expect(await audited()).toEqual([])
  })

  it('can be ended by itself, with its whole family, and its organization reads it once', async () => {
    const first = await grant()
    const second = await refresh(first.refreshToken)
    const elsewhere = await grant()
    const principal = await resolve(first.accessToken)
    const actor = { principal, device: VISIT.device, requestId: 'req_test', claim: undefined }
    await Promise.all([revokeTokenFamily(domain.context, actor), revokeTokenFamily(domain.context, actor)])
    for (const { accessToken } of [first, second])
      expect(await codeOf(resolve(accessToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await codeOf(refresh(second.refreshToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await codeOf(resolve(elsewhere.accessToken))).toBe('OK')
    expect(await audited()).toEqual([
      {
        action: 'token_family.revoked',
        outcome: 'success',
        actor_id: userId,
        credential_type: 'access_token',
        ip_address: '192.0.2.1',
      },
    ])
  })

  const reuse = () => ({
    action: 'token_family.reuse_detected',
    outcome: 'refused',
    actor_id: userId,
    credential_type: 'access_token',
    ip_address: '192.0.2.1',
  })

  it('is renewed by its refresh token, and the one before stays good for its time', async () => {
    const first = await grant()
    domain.advance(DAY / 2)
    const second = await refresh(first.refreshToken)
    expect(second.refreshToken).not.toBe(first.refreshToken)
    expect(second.accessToken).not.toBe(first.accessToken)
    for (const { accessToken } of [first, second]) expect(await codeOf(resolve(accessToken))).toBe('OK')
    domain.advance(DAY / 2)
    expect(await codeOf(resolve(first.accessToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await codeOf(resolve(second.accessToken))).toBe('OK')
  })

  it('dies with its family when a refresh token comes twice; it is told once', async () => {
    const first = await grant()
    const second = await refresh(first.refreshToken)
    const third = await refresh(second.refreshToken)
    expect(await audited()).toEqual([])
    domain.logged.length = 0
    expect(await codeOf(refresh(first.refreshToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
    for (const { accessToken, refreshToken } of [first, second, third]) {
      expect(await codeOf(resolve(accessToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
      expect(await codeOf(refresh(refreshToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
    }
    expect(await audited()).toEqual([reuse()])
    const events = domain.logged.filter(({ event }) => event === 'token_family.reuse_detected')
    expect(events).toEqual([expect.objectContaining({ userId, ipAddress: '192.0.2.1' })])
    expect(JSON.stringify(domain.logged)).not.toContain(first.refreshToken)
  })

  it('is renewed once by 20 uses at the same time, and then the family is dead', async () => {
    const { refreshToken } = await grant()
    const pairs: IssuedTokens[] = []
    const uses = Array.from({ length: 20 }, () => refresh(refreshToken).then(pair => pairs.push(pair)))
    const codes = await Promise.all(uses.map(codeOf))
    expect(codes.filter(code => code === 'OK')).toHaveLength(1)
    expect(codes.filter(code => code === 'INVALID_OR_EXPIRED_TOKEN')).toHaveLength(19)
    expect(await codeOf(resolve(pairs[0]?.accessToken ?? ''))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await codeOf(refresh(pairs[0]?.refreshToken ?? ''))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await audited()).toEqual([reuse()])
  })

  it('of somebody without an organization dies the same way', async () => {
    const loner = await newUser()
    const { refreshToken } = await grant(loner.email)
    const { accessToken } = await refresh(refreshToken)
    expect(await codeOf(refresh(refreshToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await codeOf(resolve(accessToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
  })

  it('lives no longer than 30 days after the password, however often it was renewed', async () => {
    let pair = await grant()
    for (let day = 1; day < 30; day++) {
      domain.advance(DAY)
      pair = await refresh(pair.refreshToken)
      expect(pair.expiresInSeconds).toBe(86_400)
    }
    domain.advance(DAY - 60 * SECOND)
    pair = await refresh(pair.refreshToken)
    expect(pair.expiresInSeconds).toBe(60)
    domain.advance(60 * SECOND - 1)
    expect(await codeOf(resolve(pair.accessToken))).toBe('OK')
    domain.advance(1)
    expect(await codeOf(resolve(pair.accessToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await codeOf(refresh(pair.refreshToken))).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await audited()).toEqual([])
  })

  it('leaves in the database only what the refresh token is recognised by', async () => {
    const { accessToken, refreshToken } = await grant()
    const rows = JSON.stringify([
      await domain.engine.db.selectFrom('token_families').selectAll().execute(),
      await domain.engine.db.selectFrom('refresh_tokens').selectAll().execute(),
    ])
    expect(rows).not.toContain(refreshToken)
    expect(rows).not.toContain(accessToken.split('.')[2])
  })

  it('was signed in for: in the login history, and told by mail from a new device', async () => {
    await grant()
    domain.mails.length = 0
    await grant()
    expect(domain.mails).toEqual([])
    const device = { ipAddress: '198.51.100.9', userAgent: 'python-requests/2.32' }
    await grantByPassword(domain.context, { identifier: email, password: 'right' }, { ...VISIT, device })
    expect(domain.mails.map(({ to }) => to)).toEqual([email])
    const history = await domain.storage.loginEvents.listAll(userId)
    expect(history.map(({ method, success }) => [method, success])).toEqual(Array(3).fill(['password', 1]))
    expect((await domain.storage.users.find(userId))?.last_login_at).toBe(domain.now())
  })
})
