import { expect, test } from 'vitest'
import { refuse } from '../../testing/fake-answers'
import { addKey } from '../../testing/fake-key-routes'
import { addInvitation, tenantsOf } from '../../testing/fake-member-routes'
import { createWorld, signedInWorld, type World } from '../../testing/run-command'

const ORIGIN = 'http://127.0.0.1:4000'
const GRACE = 'grace@example.com'
const ACCEPT = ['invites', 'accept']

/** A world in which Ada is invited to Beta. */
const invitedWorld = async (organizationName = 'Beta') => {
  const world = await signedInWorld()
  world.server.state.organizations.push({ id: '01ORGBETA', slug: 'beta', name: organizationName })
  const { token } = addInvitation(world.server.state, {
    email: 'ada@example.com',
    organizationId: '01ORGBETA',
    role: 'admin',
  })
  return { world, token }
}

const refuseAccepting = (world: World, status: number, code: string): void => {
  world.server.interfere = ({ url }) =>
    url.pathname.endsWith('/accept')
      ? { status, body: { success: false, status, code, message: 'In words of the server' } }
      : undefined
}

test('several people are invited in one call, and listed', async () => {
  const world = await signedInWorld()
  const { stdout, stderr } = await world.run(
    ['invites', 'send', GRACE, 'alan@example.com', '--role', 'admin'],
    { tty: true },
  )
  expect(stdout).toContain(`Invited ${GRACE} (admin), alan@example.com (admin).`)
  expect(stderr).toContain('ends in 7 days')
  expect(JSON.parse(world.server.requests.at(-1)?.body ?? '').invites).toHaveLength(2)
  expect((await world.run(['invites', 'list'])).stdout).toContain(`${GRACE}\tadmin\tpending\tAda\t`)
  expect((await world.run(['invites', 'list', '--search', 'alan', '-q'])).stdout).toMatch(/^01INVITE\d+\n$/)
})

test('invitations are listed page by page, as far as is wanted', async () => {
  const world = await signedInWorld()
  for (let i = 0; i < 130; i++) addInvitation(world.server.state, { email: `p${i}@example.com` })
  expect((await world.run(['invites', 'list'], { tty: true })).stderr).toContain('50 of 130')
  expect(JSON.parse((await world.run(['invites', 'list', '--all', '--json'])).stdout)).toHaveLength(130)
})

test('an address that is none is named as it was typed, and nobody is invited', async () => {
  const world = await signedInWorld()
  const { code, stderr } = await world.run(['invites', 'send', GRACE, 'alan'])
  expect(code).toBe(6)
  expect(stderr).toContain('alan: Must be an e-mail address')
  expect(tenantsOf(world.server.state).invitations).toEqual([])
})

test.each([
  ['free', 'seats', 3, 'snoop billing checkout --plan starter', 'snoop members remove'],
  ['free', 'projects', 5, 'snoop billing checkout --plan starter', 'snoop projects delete'],
  ['starter', 'seats', 4, 'snoop billing update --seats 5', 'snoop invites cancel'],
  ['starter', 'seats', 10, 'snoop billing update --plan pro --seats 11', 'snoop members remove'],
  ['business', 'seats', 1000, '  Make room:  ', 'snoop members remove'],
  ['starter', 'projects', 25, 'snoop billing update --plan pro\n', 'snoop projects delete'],
  ['starter', 'projects', 35, 'snoop billing update --slot-packs 3\n', 'snoop projects delete'],
  ['a new one', 'seats', 1, 'snoop billing usage', ''],
])('the plan %s has no more %s than %i: the next command is told', async (plan, resource, limit, ...told) => {
  const world = await signedInWorld()
  world.server.interfere = ({ method }) =>
    method === 'POST' ? refuse(403, 'PLAN_LIMIT_REACHED', 'No more', { plan, resource, limit }) : undefined
  const { code, stderr } = await world.run(['invites', 'send', GRACE])
  expect(code).toBe(6)
  for (const text of told) expect(stderr).toContain(text)
  expect(stderr.includes('billing checkout')).toBe(plan === 'free')
})

test('of several addresses the one of a member is named, and no field of the API', async () => {
  const world = await signedInWorld()
  world.server.interfere = ({ method }) =>
    method === 'POST'
      ? refuse(409, 'CONFLICT', 'It is that of a member', { field: 'invites.1.email' })
      : undefined
  const { code, stderr } = await world.run(['invites', 'send', 'alan@example.com', GRACE])
  expect({ code, stderr }).toEqual({ code: 6, stderr: `✗ ${GRACE}: It is that of a member\n` })
})

test.each([
  ['invites', 'cancel'],
  ['invites', 'resend'],
  ['projects', 'show'],
  ['projects', 'delete', '--yes'],
])('snoop %s %s of an id that is nowhere names the list, not the path', async (group, ...argv) => {
  const world = await signedInWorld()
  const { code, stderr } = await world.run([group, ...argv, '01NOWHERE'])
  expect(code).toBe(3)
  expect(stderr).toContain(`See:  snoop ${group} list`)
  expect(stderr).not.toContain('path')
})

test('a locked-out member is told to turn on two-factor authentication', async () => {
  const world = await signedInWorld()
  const body = { success: false, status: 403, code: 'MFA_REQUIRED', message: 'It is required' }
  world.server.interfere = ({ url }) =>
    url.pathname.endsWith('/invites') ? { status: 403, body } : undefined
  const { code, stderr } = await world.run(['invites', 'list'])
  expect(code).toBe(8)
  expect(stderr).toContain('snoop 2fa enable')
})

test.each(['address', 'id'])('an invitation is sent again and cancelled by its %s', async way => {
  const world = await signedInWorld()
  const { state } = world.server
  addInvitation(state, { email: `not.${GRACE}` })
  const { id, token } = addInvitation(state, { email: GRACE })
  const named = way === 'id' ? id : 'Grace@example.com'
  expect((await world.run(['invites', 'resend', named])).stdout).toBe(`${id}\n`)
  expect(tenantsOf(state).invitations.at(-1)?.token).not.toBe(token)
  expect((await world.run(['invites', 'cancel', named])).stdout).toBe(`${id}\n`)
  expect(tenantsOf(state).invitations.map(({ email }) => email)).toEqual([`not.${GRACE}`])
  const { code, stderr } = await world.run(['invites', 'cancel', GRACE])
  expect(code).toBe(3)
  expect(stderr).toContain(`snoop invites send ${GRACE}`)
})

test.each([
  ['the token', (token: string) => `${token}\n`],
  ['the whole link', (token: string) => `${ORIGIN}/invites#${token}\n`],
])('%s comes by stdin; the organization and how to work in it are told', async (_, given) => {
  const { world, token } = await invitedWorld()
  const { code, stdout, stderr } = await world.run([...ACCEPT, '-'], { stdin: given(token) })
  expect({ code, stdout }).toEqual({ code: 0, stdout: '01ORGBETA\n' })
  expect(stderr).toContain('snoop orgs use 01ORGBETA')
  expect((await world.run([...ACCEPT, '-'], { stdin: given(token) })).code).toBe(6)
})

test('a person is asked for it, and told what was joined, a deceptive name without its deceit', async () => {
  const { world, token } = await invitedWorld('Be\u202eta\u001b[2J\n✓ Done')
  const { code, stdout, asked } = await world.run(ACCEPT, { tty: true, answers: [token] })
  expect({ code, asked }).toEqual({ code: 0, asked: ['Paste the link from the mail, or its token'] })
  expect(stdout).toBe('✓ You joined Beta ✓ Done as admin.\n')
})

test('with --json the membership is printed', async () => {
  const { world, token } = await invitedWorld()
  const { stdout } = await world.run([...ACCEPT, '-', '--json'], { stdin: token })
  expect(JSON.parse(stdout)).toMatchObject({ organizationId: '01ORGBETA', role: 'admin' })
})

test('a link to another server is refused, and nothing is sent', async () => {
  const { world, token } = await invitedWorld()
  const before = world.server.requests.length
  const stdin = `https://evil.example/invites#${token}`
  const { code, stderr } = await world.run([...ACCEPT, '-'], { stdin })
  expect(code).toBe(2)
  expect(stderr).toContain('leads to https://evil.example')
  expect(stderr).not.toContain(token)
  expect(world.server.requests.length).toBe(before)
})

test('without a terminal and without `-` the way is told', async () => {
  const world = await signedInWorld()
  const { code, stderr } = await world.run(ACCEPT)
  expect(code).toBe(2)
  expect(stderr).toContain('snoop invites accept - < link.txt')
  expect((await world.run([...ACCEPT, 'mine'])).code).toBe(2)
})

test.each([
  ['as a word', (token: string) => [...ACCEPT, token]],
  ['that looks like an option', (token: string) => [...ACCEPT, `-${token.slice(1)}`]],
  ['in its link', (token: string) => [...ACCEPT, `${ORIGIN}/invites#${token}`]],
  ['in a path of the API', (token: string) => ['api', 'POST', `/api/user/invites/${token}/accept`]],
])('a token on the command line, %s, is refused and not repeated', async (_, line) => {
  const { world, token } = await invitedWorld()
  const before = world.server.requests.length
  const { code, stdout, stderr } = await world.run(line(token))
  expect(code).toBe(2)
  expect(stdout + stderr).not.toContain(token.slice(1))
  expect(stderr).toContain('snoop invites accept - < link.txt')
  expect(world.server.requests.length).toBe(before)
})

test('--verbose does not name the token', async () => {
  const { world, token } = await invitedWorld()
  const { stderr } = await world.run([...ACCEPT, '-', '--verbose'], { stdin: token })
  expect(stderr).toContain('POST /api/user/invites/…/accept 200')
  expect(stderr).not.toContain(token)
})

test('somebody else is told for whom it is', async () => {
  const world = await signedInWorld()
  const { token } = addInvitation(world.server.state, { email: GRACE })
  const { code, stderr } = await world.run([...ACCEPT, '-'], { stdin: token })
  expect(code).toBe(5)
  expect(stderr).toContain('This invitation was sent to another address')
  expect(stderr).toContain(`The invitation is for ${GRACE}.`)
})

test('who was invited by somebody that may not any more is told to ask for another', async () => {
  const { world, token } = await invitedWorld()
  refuseAccepting(world, 403, 'FORBIDDEN')
  const { code, stderr } = await world.run([...ACCEPT, '-'], { stdin: token })
  const told = '✗ In words of the server\n  Ask somebody of the organization to send it again.\n'
  expect({ code, stderr }).toEqual({ code: 5, stderr: told })
})

test('a key that may not join is told in the words of the server alone', async () => {
  const { world, token } = await invitedWorld()
  refuseAccepting(world, 403, 'FORBIDDEN')
  const { secret } = addKey(world.server.state, { scopes: ['user:read', 'user:write'] })
  const { stderr } = await world.run([...ACCEPT, '-'], { stdin: token, env: { SNOOP_API_KEY: secret } })
  expect(stderr).toBe('✗ In words of the server\n')
})

test('a full organization: whom to ask is told; an address that is not verified: how', async () => {
  const { world, token } = await invitedWorld()
  refuseAccepting(world, 403, 'PLAN_LIMIT_REACHED')
  const full = await world.run([...ACCEPT, '-'], { stdin: token })
  expect(full.code).toBe(6)
  expect(full.stderr).not.toContain('snoop billing')
  refuseAccepting(world, 403, 'EMAIL_NOT_VERIFIED')
  const unverified = await world.run([...ACCEPT, '-'], { stdin: token })
  expect(unverified).toMatchObject({ code: 8 })
  expect(unverified.stderr).toContain('snoop email verify')
})

test('who is not signed in is sent to do that', async () => {
  const world = await createWorld()
  const { token } = addInvitation(world.server.state, { email: 'ada@example.com' })
  const { code, stderr } = await world.run([...ACCEPT, '-'], { stdin: token })
  expect(code).toBe(4)
  expect(stderr).toContain('snoop login')
})
