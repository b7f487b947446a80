import { expect, test } from 'vitest'
import { RIGHT_CODE } from '../../testing/fake-sign-in-routes'
import { createWorld } from '../../testing/run-command'

const LOGIN = ['login', '--magic-link', '--email', 'ada@example.com']
const linkTo = (origin: string): string => `${origin}/api/auth/magic-link/verify?token=magic-token-0001`

test.each([
  ['the link', linkTo('http://127.0.0.1:4000')],
  ['its token', 'magic-token-0001'],
])('%s from the mail signs in, unseen', async (_, pasted) => {
  const world = await createWorld()
  const { code, asked, stdout, stderr } = await world.run(LOGIN, { tty: true, answers: [pasted] })
  expect({ code, asked }).toEqual({ code: 0, asked: ['Paste the link from the mail, or its token'] })
  expect(stdout + stderr).not.toContain('magic-token')
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('a link is only read: none of another server is followed, and its token is not sent', async () => {
  const world = await createWorld()
  const { stderr } = await world.run(LOGIN, { tty: true, answers: [linkTo('http://evil.example')] })
  expect(stderr).toContain('This link leads to http://evil.example, not to http://127.0.0.1:4000')
  expect(world.server.requests.map(({ url }) => url.href)).toEqual([
    'http://127.0.0.1:4000/api/auth/sign-in/magic-link',
  ])
  const piped = await world.run(['login', '--token-stdin'], { stdin: linkTo('http://evil.example') })
  expect(piped.code).toBe(2)
  expect(world.server.requests.length).toBe(1)
})

test('a dead link may be followed by a better one', async () => {
  const world = await createWorld()
  const { code, stderr } = await world.run(LOGIN, { tty: true, answers: ['dead', 'magic-token-0001'] })
  expect(code).toBe(0)
  expect(stderr).toContain('This link is invalid, expired or already used')
})

test('without a terminal it sends the mail and ends with 8; the link comes by stdin then', async () => {
  const world = await createWorld()
  const sent = await world.run(LOGIN)
  expect(sent.code).toBe(8)
  expect(sent.stderr).toContain('snoop login --token-stdin')
  world.server.state.twoFactor = { method: 'totp', confirmed: true, backupCodes: [] }
  const stdin = `${linkTo('http://127.0.0.1:4000')}\n${RIGHT_CODE}\n`
  expect((await world.run(['login', '--token-stdin'], { stdin })).code).toBe(0)
  const mails = world.server.requests.filter(({ url }) => url.pathname.endsWith('/sign-in/magic-link'))
  expect(mails.length).toBe(1)
})

test('whether there is such an account does not show', async () => {
  const world = await createWorld()
  const known = await world.run(LOGIN)
  const unknown = await world.run(['login', '--magic-link', '--email', 'bob@example.com'])
  expect({ ...unknown, stderr: unknown.stderr.replace('bob', 'ada') }).toEqual(known)
})

test('a link and a password exclude one another', async () => {
  const world = await createWorld()
  const { code } = await world.run([...LOGIN, '--password-stdin'], { stdin: 'x' })
  expect(code).toBe(2)
  expect(world.server.requests).toEqual([])
})
