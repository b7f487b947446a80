import { expect, test } from 'vitest'
import { PASSWORD } from '../../testing/fake-snoop'
import { createWorld, signedInWorld } from '../../testing/run-command'

const NEW = 'another long passphrase'
const ORIGIN = 'http://127.0.0.1:4000'

test('a person types the current password and twice the new one', async () => {
  const world = await signedInWorld()
  const { code, asked, stdout } = await world.run(['password', 'change'], {
    tty: true,
    answers: [PASSWORD, NEW, NEW],
  })
  expect(code).toBe(0)
  expect(asked).toEqual([
    'Current password (empty if you have none)',
    'New password (8 characters or more)',
    'The same again',
  ])
  expect(stdout).toContain('Password changed.')
  expect(world.server.state.user.password).toBe(NEW)
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('other sessions end, and how many is told', async () => {
  const world = await signedInWorld()
  world.server.state.sessions.set('elsewhere', { id: '01ELSEWHERE', authenticatedAtMs: 0 })
  const { stdout } = await world.run(['password', 'change'], { tty: true, answers: [PASSWORD, NEW, NEW] })
  expect(stdout).toContain('Another session has ended.')
  expect(world.server.state.sessions.has('elsewhere')).toBe(false)
})

test('in a stale session the password just typed is the proof: it is asked for once', async () => {
  const world = await signedInWorld()
  world.nowMs += 20 * 60 * 1000
  const { code } = await world.run(['password', 'change', '--password-stdin'], {
    stdin: `${PASSWORD}\n${NEW}\n`,
  })
  expect(code).toBe(0)
  expect(world.server.state.user.password).toBe(NEW)
  expect((await world.run(['whoami'])).code).toBe(0)
})

test.each([0, 20])(
  'a wrong current password changes nothing (%i minutes after the sign-in)',
  async minutes => {
    const world = await signedInWorld()
    world.nowMs += minutes * 60 * 1000
    const { code, stderr } = await world.run(['password', 'change', '--password-stdin'], {
      stdin: `wrong one\n${NEW}\n`,
    })
    expect(code).toBe(4)
    expect(stderr).toContain('This password is wrong.')
    expect(world.server.state.user.password).toBe(PASSWORD)
  },
)

test('an account without a password gives none', async () => {
  const world = await signedInWorld()
  await world.run(['password', 'change'], { tty: true, answers: ['', NEW, NEW] })
  const sent = world.server.requests.find(({ url }) => url.pathname.endsWith('/change-password'))
  expect(JSON.parse(sent?.body ?? '')).toEqual({ newPassword: NEW })
})

test.each([
  ['one line', `${PASSWORD}\n`],
  ['three lines', `${PASSWORD}\n${NEW}\n${NEW}\n`],
  ['nothing', ''],
])('%s on stdin is a usage error that quotes nothing', async (_, stdin) => {
  const world = await signedInWorld()
  const { code, stderr } = await world.run(['password', 'change', '--password-stdin'], { stdin })
  expect(code).toBe(2)
  expect(stderr).toContain('the current password, then the new one')
  expect(stderr).not.toContain(PASSWORD)
  expect(world.server.state.user.password).toBe(PASSWORD)
})

test('without a terminal the way is named', async () => {
  const world = await signedInWorld()
  const { code, stderr } = await world.run(['password', 'change'])
  expect(code).toBe(2)
  expect(stderr).toContain('--password-stdin')
})

test('a forgotten password is reset: the mail, its link, the new password twice', async () => {
  const world = await createWorld()
  const { code, asked, stdout, stderr } = await world.run(['password', 'reset'], {
    tty: true,
    answers: ['ada@example.com', `${ORIGIN}/api/auth/reset-password?token=reset-token-0001`, NEW, NEW],
  })
  expect(code).toBe(0)
  expect(asked).toEqual([
    'E-mail address',
    'Paste the link from the mail, or its token',
    'New password (8 characters or more)',
    'The same again',
  ])
  expect(stdout + stderr).not.toContain('reset-token')
  expect(world.server.state.user.password).toBe(NEW)
})

test('the page that the link leads to will do, and a link to elsewhere will not', async () => {
  const world = await createWorld()
  await world.run(['password', 'reset', '--email', 'ada@example.com'])
  const reset = ['password', 'reset', '--token-stdin']
  const elsewhere = await world.run(reset, { stdin: `http://evil.example/#token=reset-token-0001\n${NEW}\n` })
  expect(elsewhere.code).toBe(2)
  expect(elsewhere.stderr).toContain('leads to http://evil.example')
  const { code } = await world.run(reset, {
    stdin: `${ORIGIN}/reset-password#token=reset-token-0001\n${NEW}\n`,
  })
  expect(code).toBe(0)
  expect(world.server.state.user.password).toBe(NEW)
})

test('a password that the server refuses may be followed by a better one, with the same link', async () => {
  const world = await createWorld()
  const bad = 'password'
  const { code, stderr } = await world.run(['password', 'reset', '--email', 'ada@example.com'], {
    tty: true,
    answers: ['reset-token-0001', bad, bad, NEW, NEW],
  })
  expect(code).toBe(0)
  expect(stderr).toContain('Is one of the most used passwords')
})

test('without a terminal the mail is sent, and the next step is named; an address must be given', async () => {
  const world = await createWorld()
  const { code, stderr } = await world.run(['password', 'reset', '--email', 'ada@example.com', '--json'])
  expect(code).toBe(8)
  expect(JSON.parse(stderr).error).toMatchObject({ code: 'mail.sent', exit: 8 })
  expect(JSON.parse(stderr).error.hint).toContain('snoop password reset --token-stdin')
  expect((await world.run(['password', 'reset'])).code).toBe(2)
  expect((await world.run(['password', 'reset', '--email', 'a@b.example', '--token-stdin'])).code).toBe(2)
})

test('a dead link is refused with the way to a new one', async () => {
  const world = await createWorld()
  const { code, stderr } = await world.run(['password', 'reset', '--token-stdin'], {
    stdin: `dead\n${NEW}\n`,
  })
  expect(code).toBe(6)
  expect(stderr).toContain('Ask for a new link.')
})
