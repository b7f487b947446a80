import { expect, test } from 'vitest'
import { addMember, tenantsOf } from '../../testing/fake-member-routes'
import { signedInWorld } from '../../testing/run-command'

const MFA = ['orgs', 'mfa']

test('it is required with days of grace, shown, and no longer required', async () => {
  const world = await signedInWorld()
  addMember(world.server.state, { email: 'grace@example.com' })
  expect((await world.run(MFA)).stdout).toBe('required\tno\ndays of grace\t7\nsince\t\n')
  const { stdout } = await world.run([...MFA, 'require', '--grace-days', '14'], { tty: true })
  expect(stdout).toContain(
    'with 14 days of grace: 1 of 2 members have it, 1 have time left, 0 are locked out.',
  )
  expect(JSON.parse((await world.run([...MFA, 'show', '--json'])).stdout)).toMatchObject({
    required: true,
    graceDays: 14,
  })
  expect((await world.run([...MFA, 'off'])).stdout).toBe('01ORGACME\n')
  expect(tenantsOf(world.server.state).mfa.requiredSince).toBeNull()
})

test('a dry run tells whom it concerns and changes nothing', async () => {
  const world = await signedInWorld()
  addMember(world.server.state, { email: 'grace@example.com' })
  const { stdout, stderr } = await world.run([...MFA, 'require', '--dry-run'])
  expect(stdout).toContain('members\t2\nhave it\t1\nin grace\t1\nlocked out\t0\n')
  expect(stderr).toContain('Nothing was changed.')
  expect(tenantsOf(world.server.state).mfa.requiredSince).toBeNull()
})

test('who has none is listed, and can fail a script', async () => {
  const world = await signedInWorld()
  for (let i = 0; i < 60; i++) addMember(world.server.state, { email: `p${i}@example.com` })
  const compliance = [...MFA, 'compliance']
  expect((await world.run([...compliance, '--fail-if-noncompliant'])).code).toBe(0)
  await world.run([...MFA, 'require'])
  expect((await world.run(compliance)).stdout.trimEnd().split('\n').length).toBe(50)
  const { code, stdout, stderr } = await world.run([...compliance, '--fail-if-noncompliant', '--json'])
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toHaveLength(61)
  expect(JSON.parse(stderr).error).toMatchObject({ code: 'mfa.noncompliant' })
  expect(JSON.parse(stderr).error.message).toContain('60 of 61 members')
})

test('an owner who has none of their own is told to turn it on', async () => {
  const world = await signedInWorld()
  world.server.interfere = ({ method }) =>
    method === 'PUT'
      ? { status: 409, body: { success: false, status: 409, code: 'CONFLICT', message: 'Not you' } }
      : undefined
  const { code, stderr } = await world.run([...MFA, 'require'])
  expect(code).toBe(6)
  expect(stderr).toContain('snoop 2fa enable')
})

test.each([
  [['show', '--dry-run'], '--dry-run does not go with `show`'],
  [['off', '--grace-days', '3'], '--grace-days does not go with `off`'],
  [['require', '--all'], '--all does not go with `require`'],
  [['require', '--grace-days', 'ten'], 'number of days'],
  [['compliance', '--fail-if-noncompliant', '--limit', '3'], 'all members'],
  [['maybe'], 'show, require, off, compliance'],
])('%j is a usage error', async (argv, words) => {
  const world = await signedInWorld()
  const before = world.server.requests.length
  const { code, stderr } = await world.run([...MFA, ...argv])
  expect(code).toBe(2)
  expect(stderr).toContain(words)
  expect(world.server.requests.length).toBe(before)
})
