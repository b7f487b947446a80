import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addKey } from '../testing/fake-key-routes'
import { PASSWORD } from '../testing/fake-snoop'
import { lockedKeychain } from '../testing/memory-store'
import { createWorld, signedInWorld } from '../testing/run-command'

const LOGIN = ['login', '--email', 'ada@example.com', '--password-stdin']
const SESSION_SLOT = 'snoop/default@http://127.0.0.1:4000#session'
const DEVICE_SLOT = 'snoop/default@http://127.0.0.1:4000#device'
const stdin = `${PASSWORD}\n`

test('a sign-in keeps the session in the keychain and nowhere else', async () => {
  const world = await createWorld()
  const { code, stdout } = await world.run(LOGIN, { stdin })
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'ada@example.com\n' })
  expect([...world.keychain.items.keys()]).toEqual([SESSION_SLOT, DEVICE_SLOT])
  const [session = ''] = [...world.server.state.sessions.keys()]
  expect([...world.keychain.items.values()][0]).toContain(session)
  const state = await readFile(join(world.stateDirectory, 'accounts.json'), 'utf8')
  expect(state).not.toContain(session)
  expect(state).toContain('ada@example.com')
})

test('a person is asked for what is missing, the password unseen', async () => {
  const world = await createWorld()
  const { code, asked, stdout } = await world.run(['login'], {
    tty: true,
    answers: ['ada@example.com', PASSWORD],
  })
  expect(code).toBe(0)
  expect(asked).toEqual(['E-mail address', 'Password'])
  expect(stdout).toContain('Signed in to http://127.0.0.1:4000 as Ada')
})

test('without a terminal nobody is asked, and the remedy is named', async () => {
  const world = await createWorld()
  const noEmail = await world.run(['login', '--password-stdin'], { stdin })
  expect(noEmail.code).toBe(2)
  expect(noEmail.stderr).toContain('--email')
  const noPassword = await world.run(['login', '--email', 'ada@example.com'])
  expect(noPassword.code).toBe(2)
  expect(noPassword.stderr).toContain('--password-stdin')
})

test('Ctrl-C at a question ends with 130 and sends nothing', async () => {
  const world = await createWorld()
  const { code } = await world.run(['login'], { tty: true, answers: ['ada@example.com', 'ctrl-c'] })
  expect(code).toBe(130)
  expect(world.server.requests).toEqual([])
})

test('a wrong password is refused in words, and leaves nothing behind', async () => {
  const world = await createWorld()
  const { code, stderr } = await world.run(LOGIN, { stdin: 'wrong password\n' })
  expect(code).toBe(4)
  expect(stderr).toContain('Invalid e-mail address or password')
  expect(stderr).not.toContain('wrong password')
  expect(world.keychain.items.size).toBe(0)
})

test('an address that awaits its mail ends with 8', async () => {
  const world = await createWorld()
  world.server.state.user.isVerified = false
  const { code, stderr } = await world.run([...LOGIN, '--json'], { stdin })
  expect(code).toBe(8)
  expect(JSON.parse(stderr).error).toMatchObject({ code: 'EMAIL_NOT_VERIFIED', status: 403, exit: 8 })
})

test('a second sign-in ends the session before it', async () => {
  const world = await signedInWorld()
  const [first] = [...world.server.state.sessions.keys()]
  await world.run(LOGIN, { stdin })
  expect(world.server.state.sessions.size).toBe(1)
  expect([...world.server.state.sessions.keys()]).not.toContain(first)
})

test('the session before is named to the server, which ends it with the same stroke', async () => {
  const world = await signedInWorld()
  const [first] = [...world.server.state.sessions.keys()]
  await world.run(LOGIN, { stdin })
  const [request] = world.server.requests.slice(-1)
  expect(request?.url.pathname).toBe('/api/auth/sign-in/email')
  expect(request?.headers.cookie).toContain(`snoop_session=${first}`)
})

test('whatever is cut off, the store holds a session of which the server knows, or one that it refuses', async () => {
  const world = await signedInWorld()
  world.server.interfere = ({ url }) => (url.pathname.endsWith('/sign-in/email') ? 'answer_lost' : undefined)
  expect((await world.run(LOGIN, { stdin })).code).toBe(9)
  world.server.interfere = () => undefined
  const refused = await world.run(['whoami'])
  expect(refused.code).toBe(4)
  expect(refused.stderr).toContain('snoop login')
  expect((await world.run(LOGIN, { stdin })).code).toBe(0)
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('the server knows this machine again: after a logout, and not in another profile', async () => {
  const world = await signedInWorld()
  await world.run(['logout'])
  await world.run(LOGIN, { stdin })
  expect(world.server.requests.at(-1)?.headers.cookie).toMatch(/^snoop_device=device-secret-\d+$/)
  expect(world.server.state.devices.length).toBe(1)
  await world.run([...LOGIN, '--profile', 'other'], { stdin })
  expect(world.server.requests.at(-1)?.headers.cookie).toBeUndefined()
  expect(world.server.state.devices.length).toBe(2)
})

test('the cookie of the device goes with sign-ins alone', async () => {
  const world = await signedInWorld()
  await world.run(['whoami'])
  expect(world.server.requests.at(-1)?.headers.cookie).toMatch(/^snoop_session=[^;]+$/)
  expect(world.keychain.items.get(SESSION_SLOT)).not.toContain('device-secret')
  expect(world.keychain.items.get(DEVICE_SLOT)).not.toContain('session-secret')
})

test('a request to stop waits until the session that was opened is kept', async () => {
  const world = await createWorld()
  const stop = new AbortController()
  world.adapt = around => ({ ...around, signal: stop.signal })
  world.server.interfere = () => {
    stop.abort()
    return undefined
  }
  await world.run(LOGIN, { stdin })
  world.adapt = around => around
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('a profile that uses the key of somebody else refuses the sign-in', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  world.server.state.user.id = '01USERBOB'
  const { code, stderr } = await world.run(LOGIN, { stdin })
  expect(code).toBe(6)
  expect(stderr).toContain('--profile')
  expect(world.server.state.sessions.size).toBe(1)
  expect((await world.run(['sessions', 'list'])).code).toBe(0)
})

test('with a key the session before is ended once the new one is kept', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  const [first] = [...world.server.state.sessions.keys()]
  expect((await world.run(LOGIN, { stdin })).code).toBe(0)
  expect([...world.server.state.sessions.keys()]).not.toContain(first)
  expect(world.server.state.sessions.size).toBe(1)
})

test('without a keychain and without a person, nothing is sent and three remedies are named', async () => {
  const world = await createWorld()
  world.keychain.failure = lockedKeychain()
  const { code, stderr } = await world.run(LOGIN, { stdin })
  expect(code).toBe(11)
  expect(stderr).toContain('Your keychain is locked.')
  expect(stderr).toContain('SNOOP_API_KEY=')
  expect(stderr).toContain('SNOOP_API_KEY_FILE=')
  expect(stderr).toContain('snoop login --store file')
  expect(world.server.requests).toEqual([])
})

test('without a keychain a person is asked once, and the answer is remembered', async () => {
  const world = await createWorld()
  world.keychain.failure = lockedKeychain()
  const first = await world.run(LOGIN.slice(0, 3), { tty: true, answers: [true, PASSWORD] })
  expect(first.code).toBe(0)
  expect(first.asked[0]).toContain('a file that only you can read?')
  expect((await stat(join(world.stateDirectory, 'credentials.json'))).mode & 0o777).toBe(0o600)
  const second = await world.run(LOGIN.slice(0, 3), { tty: true, answers: [PASSWORD] })
  expect(second).toMatchObject({ code: 0, asked: ['Password'] })
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('a person who wants no file gets none', async () => {
  const world = await createWorld()
  world.keychain.failure = lockedKeychain()
  const { code } = await world.run(LOGIN.slice(0, 3), { tty: true, answers: [false] })
  expect(code).toBe(11)
  await expect(stat(join(world.stateDirectory, 'credentials.json'))).rejects.toThrow()
})

test('a session that cannot be kept is ended', async () => {
  const world = await createWorld()
  world.server.interfere = ({ url }) => {
    if (url.pathname === '/api/auth/sign-in/email') world.keychain.failure = lockedKeychain()
    return undefined
  }
  expect((await world.run(LOGIN, { stdin })).code).toBe(11)
  expect(world.server.state.sessions.size).toBe(0)
})

test('a store that was asked for by name is never swapped for another', async () => {
  const world = await createWorld()
  world.keychain.failure = lockedKeychain()
  const { code, asked } = await world.run([...LOGIN.slice(0, 3), '--store', 'keychain'], { tty: true })
  expect({ code, asked }).toEqual({ code: 11, asked: [] })
})

test('--url is remembered for the profile, and its credentials go to no other server', async () => {
  const world = await createWorld()
  const elsewhere = ['--url', 'http://localhost:4999']
  await world.run([...LOGIN, ...elsewhere], { stdin, env: { SNOOP_URL: '' } })
  const here = await world.run(['whoami'], { env: { SNOOP_URL: '' } })
  expect(here.code).toBe(0)
  expect(world.server.requests.at(-1)?.url.origin).toBe('http://localhost:4999')
  const sent = world.server.requests.length
  const other = await world.run(['whoami', '--url', 'http://localhost:5000'], { env: { SNOOP_URL: '' } })
  expect(other.code).toBe(4)
  expect(world.server.requests.length).toBe(sent)
})

test('a key from the environment that would go on being used is pointed out', async () => {
  const world = await createWorld()
  const key = addKey(world.server.state, {})
  const { stderr } = await world.run(LOGIN, { stdin, env: { SNOOP_API_KEY: key.secret } })
  expect(stderr).toContain('SNOOP_API_KEY')
})
