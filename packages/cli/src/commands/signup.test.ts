import { expect, test } from 'vitest'
import { createWorld } from '../testing/run-command'

test('signs up and says that a mail is on its way', async () => {
  const world = await createWorld()
  const { code, stdout, stderr } = await world.run(
    ['signup', '--name', 'Ada', '--email', 'ada@example.com', '--password-stdin'],
    { stdin: 'a long passphrase\r\n', tty: false },
  )
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'ada@example.com\n' })
  expect(stderr).toContain('snoop login --email ada@example.com')
  expect(JSON.parse(world.server.requests[0]?.body ?? '')).toEqual({
    name: 'Ada',
    email: 'ada@example.com',
    password: 'a long passphrase',
  })
})

test('a person types the new password twice', async () => {
  const world = await createWorld()
  const passphrase = 'a long passphrase'
  const { code, asked } = await world.run(['signup'], {
    tty: true,
    answers: ['Ada', 'ada@example.com', passphrase, passphrase],
  })
  expect(code).toBe(0)
  expect(asked).toEqual(['Your name', 'E-mail address', 'Password (8 characters or more)', 'The same again'])
})

test('fields that the server refuses are named one a line', async () => {
  const world = await createWorld()
  world.server.interfere = () => ({
    status: 400,
    body: {
      success: false,
      status: 400,
      code: 'VALIDATION_ERROR',
      message: 'Validation failed for fields: email',
      meta: { errors: [{ field: 'email', error: 'Must be an e-mail address', location: 'body' }] },
    },
  })
  const args = ['signup', '--name', 'Ada', '--email', 'nonsense', '--password-stdin']
  const { code, stderr } = await world.run(args, { stdin: 'a long passphrase' })
  expect(code).toBe(6)
  expect(stderr).toContain('email: Must be an e-mail address')
  const asJson = await world.run([...args, '--json'], { stdin: 'a long passphrase' })
  expect(JSON.parse(asJson.stderr).error.fields).toEqual([
    { field: 'email', error: 'Must be an e-mail address' },
  ])
})
