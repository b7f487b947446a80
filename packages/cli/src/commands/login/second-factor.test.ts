import { expect, test } from 'vitest'
import { RIGHT_CODE } from '../../testing/fake-sign-in-routes'
import { PASSWORD } from '../../testing/fake-snoop'
import { createWorld, type World } from '../../testing/run-command'

const LOGIN = ['login', '--email', 'ada@example.com']
const APP_QUESTION = 'Code from your authenticator app (empty for another way)'
const MAIL_QUESTION = 'Code from the mail that was just sent (empty for another way)'
const BACKUP_CODE = 'k7m2q-9xw4t'

const protectedWorld = async (method: 'totp' | 'email' = 'totp'): Promise<World> => {
  const world = await createWorld()
  world.server.state.twoFactor = { method, confirmed: true, backupCodes: [BACKUP_CODE] }
  return world
}

const paths = (world: World): string[] => world.server.requests.map(({ url }) => url.pathname)

test('the code of the authenticator is asked for after the password', async () => {
  const world = await protectedWorld()
  const answers = [PASSWORD, '123 456']
  const { code, asked, stdout } = await world.run(LOGIN, { tty: true, answers })
  expect({ code, asked }).toEqual({ code: 0, asked: ['Password', APP_QUESTION] })
  expect(stdout).toContain('Signed in to')
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('a code by mail is sent first, and asked for then', async () => {
  const world = await protectedWorld('email')
  const { code, asked } = await world.run(LOGIN, { tty: true, answers: [PASSWORD, RIGHT_CODE] })
  expect({ code, asked }).toEqual({ code: 0, asked: ['Password', MAIL_QUESTION] })
  expect(paths(world).slice(-2)).toEqual(['/api/auth/two-factor/send-otp', '/api/auth/two-factor/verify-otp'])
})

test('a backup code may be typed where the code is asked for', async () => {
  const world = await protectedWorld()
  const { code } = await world.run(LOGIN, { tty: true, answers: [PASSWORD, BACKUP_CODE] })
  expect(code).toBe(0)
  expect(paths(world).at(-1)).toBe('/api/auth/two-factor/verify-backup-code')
  expect(world.server.state.twoFactor?.backupCodes).toEqual([])
})

test('an empty answer leads to the other ways', async () => {
  const world = await protectedWorld('email')
  const answers = [PASSWORD, '', 'mail', '', 'code', '', 'backup', BACKUP_CODE]
  const { code, asked } = await world.run(LOGIN, { tty: true, answers })
  expect(code).toBe(0)
  const other = [MAIL_QUESTION, 'Which way?']
  expect(asked).toEqual(['Password', ...other, ...other, ...other, 'Backup code'])
  expect(world.server.state.codeMails).toBe(2)
})

test('another mail that is asked for too soon is no end: the one before is still good', async () => {
  const world = await protectedWorld('email')
  world.server.interfere = ({ url }) =>
    url.pathname.endsWith('/send-otp') && world.server.state.codeMails > 0
      ? {
          status: 429,
          body: { success: false, status: 429, code: 'RATE_LIMIT_ERROR', message: 'Wait 26 seconds.' },
          headers: { 'retry-after': '26' },
        }
      : undefined
  const answers = [PASSWORD, '', 'mail', RIGHT_CODE]
  const { code, stderr } = await world.run(LOGIN, { tty: true, answers })
  expect(code).toBe(0)
  expect(stderr).toContain('! Wait 26 seconds.')
})

test('where backup codes are all that is left, one is asked for', async () => {
  const world = await protectedWorld('email')
  const link = { tty: true, answers: ['magic-token-0001', BACKUP_CODE] }
  const { code, asked } = await world.run([...LOGIN, '--magic-link'], link)
  expect(code).toBe(0)
  expect(asked).toEqual(['Paste the link from the mail, or its token', 'Backup code'])
  expect(world.server.state.codeMails).toBe(0)
})

test('what is no code is not sent', async () => {
  const world = await protectedWorld()
  const run = world.run(LOGIN, { tty: true, answers: [PASSWORD, '12345'] })
  expect((await run).stderr).toContain('Six digits, or a backup code')
  expect(paths(world)).toEqual(['/api/auth/sign-in/email'])
})

test('a wrong code is said to be wrong and asked for again, three times in all', async () => {
  const world = await protectedWorld()
  const right = await world.run(LOGIN, { tty: true, answers: [PASSWORD, '000000', '000001', RIGHT_CODE] })
  expect(right.code).toBe(0)
  expect(right.stderr.match(/This code is wrong/g)?.length).toBe(2)
  const wrong = await world.run(LOGIN, {
    tty: true,
    answers: [PASSWORD, '000000', '000001', '000002', RIGHT_CODE],
  })
  expect(wrong.code).toBe(6)
  expect(wrong.asked.length).toBe(4)
  expect(wrong.stderr).toContain('✗ This code is wrong')
})

test('too many tries: how long to wait is said', async () => {
  const world = await protectedWorld()
  world.server.interfere = ({ url }) =>
    url.pathname === '/api/auth/two-factor/verify-totp'
      ? {
          status: 429,
          body: { success: false, status: 429, code: 'RATE_LIMIT_ERROR', message: 'Too many failed tries.' },
          headers: { 'retry-after': '900' },
        }
      : undefined
  const { code, stderr } = await world.run(LOGIN, { tty: true, answers: [PASSWORD, '000000'] })
  expect(code).toBe(7)
  expect(stderr).toContain('Too many failed tries.\n  Wait 15 minutes.')
})

test('a sign-in that has expired begins anew', async () => {
  const world = await protectedWorld()
  world.server.interfere = ({ url }) => {
    if (url.pathname.endsWith('/verify-totp')) world.server.state.challenges.clear()
    return undefined
  }
  const { code, stderr } = await world.run(LOGIN, { tty: true, answers: [PASSWORD, RIGHT_CODE] })
  expect(code).toBe(6)
  expect(stderr).toContain('Sign in again:  snoop login')
})

test('Ctrl-C at the code keeps nothing', async () => {
  const world = await protectedWorld()
  const { code } = await world.run(LOGIN, { tty: true, answers: [PASSWORD, 'ctrl-c'] })
  expect(code).toBe(130)
  expect(world.keychain.items.size).toBe(0)
})

test('a device that is trusted is not asked again', async () => {
  const world = await protectedWorld()
  await world.run([...LOGIN, '--trust-device'], { tty: true, answers: [PASSWORD, RIGHT_CODE] })
  await world.run(['logout'])
  const { code, asked } = await world.run(LOGIN, { tty: true, answers: [PASSWORD] })
  expect({ code, asked }).toEqual({ code: 0, asked: ['Password'] })
})

test('without --trust-device it is not trusted', async () => {
  const world = await protectedWorld()
  await world.run(LOGIN, { tty: true, answers: [PASSWORD, RIGHT_CODE] })
  expect(world.server.state.devices.map(({ trusted }) => trusted)).toEqual([false])
})

test.each([RIGHT_CODE, BACKUP_CODE])(
  'without a terminal the second line of stdin is the code',
  async given => {
    const world = await protectedWorld()
    const { code } = await world.run([...LOGIN, '--password-stdin'], { stdin: `${PASSWORD}\r\n${given}\n` })
    expect(code).toBe(0)
  },
)

test('without a terminal and without a code the way is named', async () => {
  const world = await protectedWorld()
  const { code, stderr } = await world.run([...LOGIN, '--password-stdin'], { stdin: PASSWORD })
  expect(code).toBe(2)
  expect(stderr).toContain('second line of stdin, with --password-stdin')
  expect(world.keychain.items.size).toBe(0)
})

test('without a terminal a code by mail cannot be known before, and none is sent', async () => {
  const world = await protectedWorld('email')
  const stdin = `${PASSWORD}\n${RIGHT_CODE}\n`
  const { code, stderr } = await world.run([...LOGIN, '--password-stdin'], { stdin })
  expect(code).toBe(2)
  expect(stderr).toContain('--trust-device')
  expect(world.server.state.codeMails).toBe(0)
  const backup = await world.run([...LOGIN, '--password-stdin'], { stdin: `${PASSWORD}\n${BACKUP_CODE}\n` })
  expect(backup.code).toBe(0)
})

test('a wrong code from stdin is tried once', async () => {
  const world = await protectedWorld()
  const run = [...LOGIN, '--password-stdin']
  expect((await world.run(run, { stdin: `${PASSWORD}\n000000\n` })).code).toBe(6)
  expect(paths(world).filter(path => path.endsWith('verify-totp')).length).toBe(1)
  const nonsense = await world.run(run, { stdin: `${PASSWORD}\nnonsense\n` })
  expect(nonsense.code).toBe(2)
  expect(nonsense.stderr).not.toContain('nonsense')
})
