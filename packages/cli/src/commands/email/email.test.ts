import { expect, test } from 'vitest'
import { createWorld, signedInWorld } from '../../testing/run-command'

const ORIGIN = 'http://127.0.0.1:4000'

test('the verification mail is sent again, to the address of the account by default', async () => {
  const world = await signedInWorld()
  const { code, stdout } = await world.run(['email', 'verify'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'ada@example.com\n' })
  const out = await createWorld()
  expect((await out.run(['email', 'verify'])).code).toBe(2)
  expect((await out.run(['email', 'verify', '--email', 'ada@example.com'])).code).toBe(0)
})

test('a person may paste the link, or open it elsewhere', async () => {
  const world = await signedInWorld()
  const link = `${ORIGIN}/api/auth/verify-email?token=verify-token-0004`
  const pasted = await world.run(['email', 'verify'], { tty: true, answers: [link] })
  expect(pasted.stdout).toContain('ada@example.com is verified.')
  const empty = await world.run(['email', 'verify'], { tty: true, answers: [''] })
  expect(empty).toMatchObject({ code: 0 })
  expect(empty.stdout).not.toContain('is verified')
})

test('the link comes by stdin as well; one to elsewhere is refused', async () => {
  const world = await createWorld()
  await world.run(['email', 'verify', '--email', 'ada@example.com'])
  const verify = ['email', 'verify', '--token-stdin']
  const elsewhere = await world.run(verify, { stdin: 'https://evil.example/?token=verify-token-0001' })
  expect(elsewhere.code).toBe(2)
  expect(elsewhere.stderr).toContain('leads to https://evil.example')
  const { code, stdout } = await world.run(verify, { stdin: 'verify-token-0001\n' })
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'ada@example.com\n' })
  expect((await world.run(verify, { stdin: 'verify-token-0001\n' })).code).toBe(6)
})

test('another address is asked for with the session', async () => {
  const world = await signedInWorld()
  const { code, stdout, stderr } = await world.run(['email', 'change', 'ada@example.org'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'ada@example.org\n' })
  expect(stderr).toContain('snoop email verify --token-stdin')
  expect(JSON.parse(world.server.requests.at(-1)?.body ?? '')).toEqual({ email: 'ada@example.org' })
})
