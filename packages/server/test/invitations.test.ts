import { ROLE_PERMISSIONS } from '@snoop/sdk/contract'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

const INVITED = /^You are invited to an organization$/

describeOnEachDatabase('invitations', createDatabase => {
  let server: TestServer
  let owner: TestUser
  let guest: TestUser
  let invites: string
  let counter = 0
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    owner = await server.signUp('Olga Owner')
    await server.verifyAddress(owner.email)
    guest = await server.signUp('Gustav Guest')
    await server.verifyAddress(guest.email)
    invites = `/api/user/organizations/${owner.organizationId}/invites`
  })

  const send = (list: object[], headers = {}) =>
    server.call('POST', invites, { cookie: owner.cookie, body: { invites: list }, headers })
  const tokenTo = async (email: string, count = 1) => {
    const { text = '' } = await server.mail(email, count, INVITED)
    return /\/invites#([\w-]{43})\s/.exec(text)?.[1] ?? ''
  }
  const accept = ({ cookie }: Pick<TestUser, 'cookie'>, token: string, body = {}) =>
    server.call('POST', `/api/user/invites/${token}/accept`, { cookie, body })
  const roles = async (organizationId: string) => {
    const path = `/api/user/organizations/${organizationId}/members?sort=createdAt`
    const { body } = await server.call('GET', path, { cookie: owner.cookie })
    return body.data.map((member: { userId: string; role: string }) => [member.userId, member.role])
  }

  test('are read in a mail, and make a member of their own organization, whatever the body says', async () => {
    const other = await server.call('POST', '/api/user/organizations', {
      cookie: owner.cookie,
      body: { name: 'Other' },
    })
    const sent = await send([{ email: ` ${guest.email.toUpperCase()} `, role: 'admin' }])
    expect([sent.status, sent.body.message]).toEqual([201, 'Invitations sent successfully'])
    const [invitation] = sent.body.data
    const life = Date.parse(invitation.expiresAt) - Date.parse(invitation.sentAt)
    expect(life).toBe(7 * 24 * 3600 * 1000)
    expect(invitation).toEqual({
      id: expect.any(String),
      email: guest.email,
      role: 'admin',
      status: 'pending',
      invitedBy: { id: owner.id, fullName: 'Olga Owner' },
      createdAt: invitation.sentAt,
      sentAt: expect.any(String),
      expiresAt: expect.any(String),
    })
    const listed = await server.call('GET', invites, { cookie: owner.cookie })
    expect([listed.body.data, listed.body.meta.total]).toEqual([[invitation], 1])

    const token = await tokenTo(guest.email)
    const preview = await server.call('GET', `/api/user/invites/${token}`)
    expect(preview.body.data).toEqual({
      organizationName: "Olga Owner's organization",
      role: 'admin',
      email: guest.email,
      invitedBy: 'Olga Owner',
      expiresAt: invitation.expiresAt,
    })
    const forged = { organizationId: other.body.data.id, userId: owner.id, role: 'owner', email: owner.email }
    const accepted = await accept(guest, token, forged)
    expect(accepted.body).toMatchObject({
      code: 'OK',
      message: 'Invitation accepted successfully',
      data: {
        id: invitation.id,
        organizationId: owner.organizationId,
        userId: guest.id,
        role: 'admin',
        permissions: ROLE_PERMISSIONS.admin,
      },
    })
    expect(await roles(owner.organizationId)).toEqual([
      [owner.id, 'owner'],
      [guest.id, 'admin'],
    ])
    expect(await roles(other.body.data.id)).toEqual([[owner.id, 'owner']])
    expect((await accept(guest, token)).body.code).toBe('INVALID_TOKEN')
    expect((await server.call('GET', `/api/user/invites/${token}`)).body.code).toBe('INVALID_TOKEN')
    expect(server.log()).toContain('invitation.accepted')
    expect(server.log()).not.toContain(token)
  })

  test('reach somebody who signs up with the address afterwards, and proves it', async () => {
    const email = `newcomer${++counter}-${process.pid}@example.com`
    await send([{ email }])
    const token = await tokenTo(email)
    expect((await accept({ cookie: '' }, token)).body.code).toBe('AUTHENTICATION_REQUIRED')
    const password = 'a long and secure passphrase'
    await server.call('POST', '/api/auth/sign-up/email', { body: { email, password, name: 'Nina New' } })
    const { cookie = '' } = await server.call('POST', '/api/auth/sign-in/email', {
      body: { email, password },
    })
    // Also by a client that repeats itself: what was refused is no answer to be kept.
    const repeat = () =>
      server.call('POST', `/api/user/invites/${token}/accept`, {
        cookie,
        body: {},
        headers: { 'Idempotency-Key': 'nina' },
      })
    expect((await repeat()).body.code).toBe('EMAIL_NOT_VERIFIED')
    expect((await accept(guest, token)).body.code).toBe('FORBIDDEN')
    await server.verifyAddress(email)
    const joined = await repeat()
    expect(joined.body.data).toMatchObject({ fullName: 'Nina New', role: 'member' })
    expect((await repeat()).body).toEqual(joined.body)
  })

  test('are refused in words that say where and how long', async () => {
    const field = (error: { field: string }) => error.field
    const twice = await send([{ email: guest.email }, { email: guest.email }])
    expect([twice.status, twice.body.meta.errors.map(field)]).toEqual([400, ['invites.1.email']])
    const member = await send([{ email: guest.email }, { email: owner.email }])
    expect([member.status, member.body.meta.field]).toEqual([409, 'invites.1.email'])
    const [invitation] = (await send([{ email: guest.email }])).body.data
    const path = `${invites}/${invitation.id}`
    const soon = await server.call('POST', `${path}/resend`, { cookie: owner.cookie })
    expect(soon.status).toBe(429)
    expect(Number(soon.headers.get('retry-after'))).toBeGreaterThan(50)

    server.advance(60_000)
    const resent = await server.call('POST', `${path}/resend`, { cookie: owner.cookie })
    expect(resent.body).toMatchObject({ message: 'Invitation sent again', data: { id: invitation.id } })
    const token = await tokenTo(guest.email, 2)
    const cancelled = await server.call('DELETE', path, { cookie: owner.cookie })
    expect(cancelled.body.data).toEqual({ id: invitation.id, cancelled: true })
    expect((await server.call('DELETE', path, { cookie: owner.cookie })).body.code).toBe('NOT_FOUND')
    expect((await accept(guest, token)).body.code).toBe('INVALID_TOKEN')
  })

  test('sent twice with one Idempotency-Key are one, with one answer', async () => {
    const headers = { 'idempotency-key': `invite-${guest.id}` }
    const first = await send([{ email: guest.email }], headers)
    const again = await send([{ email: guest.email }], headers)
    expect([again.status, again.body]).toEqual([201, first.body])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    await accept(guest, await tokenTo(guest.email))
    expect(await roles(owner.organizationId)).toHaveLength(2)
  })
})
