import { expect, test } from 'vitest'
import { PASSWORD } from '../testing/fake-snoop'
import { signedInWorld, type World } from '../testing/run-command'

const SESSION_SLOT = 'snoop/default@http://127.0.0.1:4000#session'
const CHANGE = ['email', 'change', 'ada@example.org']
const QUESTION = 'To go on, prove again that it is you. Password'

/** Signed in twenty minutes ago. */
const staleWorld = async (): Promise<World> => {
  const world = await signedInWorld()
  world.nowMs += 20 * 60 * 1000
  return world
}

const secretOf = (world: World): string | undefined =>
  /session-secret-\d+/.exec(world.keychain.items.get(SESSION_SLOT) ?? '')?.[0]

const recordedId = async (world: World): Promise<string> =>
  JSON.parse((await world.run(['status', '--json'])).stdout).credentials[0].id

test('a fresh session is asked for nothing', async () => {
  const world = await signedInWorld()
  expect(await world.run(CHANGE, { tty: true })).toMatchObject({ code: 0, asked: [] })
})

test('a stale one: the password is asked for, and the call is made again', async () => {
  const world = await staleWorld()
  const before = secretOf(world)
  const { code, asked } = await world.run(CHANGE, { tty: true, answers: [PASSWORD] })
  expect({ code, asked }).toEqual({ code: 0, asked: [QUESTION] })
  const calls = world.server.requests.filter(({ url }) => url.pathname === '/api/auth/change-email')
  expect(calls.length).toBe(2)
  expect(secretOf(world)).not.toBe(before)
  expect(world.server.state.sessions.size).toBe(1)
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('the record follows the session to its new id', async () => {
  const world = await staleWorld()
  const before = await recordedId(world)
  await world.run(CHANGE, { tty: true, answers: [PASSWORD] })
  const [session] = [...world.server.state.sessions.values()]
  expect(await recordedId(world)).toBe(session?.id)
  expect(session?.id).not.toBe(before)
})

test('a new id that could not be asked for is no reason to fail', async () => {
  const world = await staleWorld()
  world.server.interfere = ({ url }) => (url.pathname.endsWith('/get-session') ? 'request_lost' : undefined)
  expect((await world.run(CHANGE, { tty: true, answers: [PASSWORD] })).code).toBe(0)
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('a wrong password is asked for again, three times in all', async () => {
  const world = await staleWorld()
  const right = await world.run(CHANGE, { tty: true, answers: ['wrong', 'wrong', PASSWORD] })
  expect(right.code).toBe(0)
  expect(right.stderr).not.toContain('Invalid e-mail')
  world.nowMs += 20 * 60 * 1000
  const wrong = await world.run(CHANGE, { tty: true, answers: ['wrong', 'wrong', 'wrong'] })
  expect(wrong.code).toBe(4)
  expect(wrong.stderr).toContain('snoop login --magic-link')
})

test.each([
  ['without a terminal', { tty: false }],
  ['with --no-input', { tty: true }],
])('%s it ends with 4 and says what to do', async (_, options) => {
  const world = await staleWorld()
  const flags = options.tty ? ['--no-input'] : []
  const { code, stderr } = await world.run([...CHANGE, ...flags, '--json'], options)
  expect(code).toBe(4)
  expect(JSON.parse(stderr).error).toMatchObject({
    code: 'FRESH_SESSION_REQUIRED',
    hint: 'Sign in:  snoop login\nThen try again within 15 minutes.',
  })
})

test('Ctrl-C at the password changes nothing', async () => {
  const world = await staleWorld()
  const before = secretOf(world)
  expect((await world.run(CHANGE, { tty: true, answers: ['ctrl-c'] })).code).toBe(130)
  expect(secretOf(world)).toBe(before)
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('the new secret is kept even if the call fails that it was asked for', async () => {
  const world = await staleWorld()
  let calls = 0
  world.server.interfere = ({ url }) =>
    url.pathname === '/api/auth/change-email' && ++calls === 2 ? 'request_lost' : undefined
  expect((await world.run(CHANGE, { tty: true, answers: [PASSWORD] })).code).toBe(9)
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('the new secret is in the store before anything else is sent', async () => {
  const world = await staleWorld()
  const stored: (string | undefined)[] = []
  world.server.interfere = ({ url }) => {
    if (url.pathname.endsWith('/get-session')) stored.push(secretOf(world))
    return undefined
  }
  await world.run(CHANGE, { tty: true, answers: [PASSWORD] })
  expect(stored).toEqual([...world.server.state.sessions.keys()])
})

test('a request to stop waits until the new secret is kept', async () => {
  const world = await staleWorld()
  const stop = new AbortController()
  world.adapt = around => ({ ...around, signal: stop.signal })
  world.server.interfere = ({ url }) => {
    if (url.pathname.endsWith('/reauthenticate')) stop.abort()
    return undefined
  }
  expect((await world.run(CHANGE, { tty: true, answers: [PASSWORD] })).code).toBe(130)
  world.adapt = around => around
  expect(secretOf(world)).toBe([...world.server.state.sessions.keys()][0])
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('a session that another process stored meanwhile is not overwritten', async () => {
  const world = await staleWorld()
  const other = JSON.stringify({ cookies: [] })
  world.server.interfere = ({ url }) => {
    if (url.pathname.endsWith('/reauthenticate')) world.keychain.items.set(SESSION_SLOT, other)
    return undefined
  }
  await world.run(CHANGE, { tty: true, answers: [PASSWORD] })
  expect(world.keychain.items.get(SESSION_SLOT)).toBe(other)
})

test('a session that another process has just renewed needs no sign-in', async () => {
  const world = await signedInWorld()
  world.server.interfere = () => {
    world.keychain.items.set(SESSION_SLOT, JSON.stringify({ cookies: [] }))
    world.server.state.sessions.clear()
    return undefined
  }
  const { code, stderr } = await world.run(['sessions', 'list'])
  expect(code).toBe(4)
  expect(stderr).toContain('Another snoop has just renewed the session. Try again.')
})

test('`snoop api` asks for the password, too', async () => {
  const world = await staleWorld()
  const { code, asked } = await world.run(['api', 'auth.changeEmail', '-f', 'email=ada@example.org'], {
    tty: true,
    answers: [PASSWORD],
  })
  expect({ code, asked }).toEqual({ code: 0, asked: [QUESTION] })
})

test('a key from the environment is no session, and the way is named', async () => {
  const world = await staleWorld()
  world.server.interfere = () => ({
    status: 403,
    body: { success: false, status: 403, code: 'NO_PERMISSIONS', message: 'This action needs a session' },
  })
  const { code, stderr } = await world.run(CHANGE, { tty: true, env: { SNOOP_API_KEY: 'ba_x' } })
  expect(code).toBe(5)
  expect(stderr).toContain('unset SNOOP_API_KEY')
})
