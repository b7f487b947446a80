import { expect, test } from 'vitest'
import { refuse } from '../../testing/fake-answers'
import { addMember, tenantsOf } from '../../testing/fake-member-routes'
import { signedInWorld, type World } from '../../testing/run-command'

const GRACE = 'grace@example.com'

const roleOf = (world: World, email: string): string | undefined =>
  tenantsOf(world.server.state).members.find(member => member.email === email)?.role

test('members are listed, by role and by what is looked for', async () => {
  const world = await signedInWorld()
  for (let i = 0; i < 120; i++) addMember(world.server.state, { email: `p${i}@example.com` })
  addMember(world.server.state, { email: GRACE, role: 'admin' })
  const some = await world.run(['members', 'list'], { tty: true })
  expect(some.stderr).toContain('50 of 122')
  expect(JSON.parse((await world.run(['members', 'list', '--all', '--json'])).stdout)).toHaveLength(122)
  expect((await world.run(['members', 'list', '--role', 'admin'])).stdout).toContain(`\t${GRACE}\tadmin\t`)
  expect((await world.run(['members', 'list', '--search', 'grace', '-q'])).stdout).toMatch(/^01MEMBER\d+\n$/)
  expect((await world.run(['members', 'list', '--role', 'boss'])).code).toBe(2)
})

test('a role is changed, by address in any letters or by id', async () => {
  const world = await signedInWorld()
  const { id } = addMember(world.server.state, { email: GRACE, fullName: 'Grace' })
  const { stdout } = await world.run(['members', 'role', 'Grace@Example.COM', 'admin'], { tty: true })
  expect(stdout).toContain(`Grace (${GRACE}) is admin now.`)
  expect((await world.run(['members', 'role', id, 'owner'])).stdout).toBe(`${id}\n`)
  expect(roleOf(world, GRACE)).toBe('owner')
})

test('an address stands for itself alone, not for one that has it in it', async () => {
  const world = await signedInWorld()
  for (let i = 0; i < 110; i++) addMember(world.server.state, { email: `p${i}.${GRACE}` })
  addMember(world.server.state, { email: 'x@example.org', fullName: GRACE })
  const remove = ['members', 'remove', GRACE, '--yes']
  const { code, stderr } = await world.run(remove)
  expect(code).toBe(3)
  expect(stderr).toContain(`There is no member ${GRACE}`)
  expect(stderr).toContain('snoop members list')
  addMember(world.server.state, { email: GRACE })
  expect((await world.run(remove)).code).toBe(0)
  expect(tenantsOf(world.server.state).members).toHaveLength(112)
  expect(roleOf(world, GRACE)).toBeUndefined()
})

test('removing asks first, and shows a deceptive name for what it is', async () => {
  const world = await signedInWorld()
  addMember(world.server.state, { email: GRACE, fullName: 'Grace\u202e\u001b[1A\r\nAda' })
  const remove = ['members', 'remove', GRACE]
  expect((await world.run(remove)).code).toBe(2)
  const { code, asked } = await world.run(remove, { tty: true, answers: [false] })
  expect(code).toBe(1)
  expect(asked[0]).toMatch(/^Remove Grace Ada \(grace@example\.com\)\?/)
  expect(roleOf(world, GRACE)).toBe('member')
  const { stdout } = await world.run([...remove, '--yes'], { tty: true })
  expect(stdout).toBe(`✓ Removed Grace Ada (${GRACE}).\n`)
})

test('the last owner is told to hand the organization over', async () => {
  const world = await signedInWorld()
  for (const argv of [
    ['members', 'role', 'ada@example.com', 'admin'],
    ['members', 'remove', 'ada@example.com', '--yes'],
  ]) {
    const { code, stderr } = await world.run(argv)
    expect(code).toBe(6)
    expect(stderr).toContain('snoop orgs transfer <org> --to <member>')
  }
})

test('who may not is told who may, in the words of the server', async () => {
  const world = await signedInWorld()
  addMember(world.server.state, { email: GRACE })
  const message = 'Only an owner of this organization makes an owner; ask one of them'
  world.server.interfere = ({ method }) =>
    method === 'PUT'
      ? {
          status: 403,
          body: {
            success: false,
            status: 403,
            code: 'INSUFFICIENT_PERMISSIONS',
            message,
            meta: { missing: ['owner'] },
          },
        }
      : undefined
  const { code, stderr } = await world.run(['members', 'role', GRACE, 'owner'])
  expect(code).toBe(5)
  expect(stderr).toContain(`✗ ${message}\n`)
  expect(stderr).toContain('snoop members list --role owner')
})

test.each([
  ['organization:manage-security', 'snoop members list --role owner\n'],
  ['organization:manage-members', 'snoop members list --role owner, or --role admin\n'],
])('who lacks %s is told whom to ask', async (right, who) => {
  const world = await signedInWorld()
  world.server.interfere = ({ url }) =>
    url.pathname.endsWith('/members')
      ? refuse(403, 'INSUFFICIENT_PERMISSIONS', 'No', { missing: [right] })
      : undefined
  expect((await world.run(['members', 'list'])).stderr).toContain(who)
})

test('another organization is named by --org', async () => {
  const world = await signedInWorld()
  world.server.state.organizations.push({ id: '01ORGBETA', slug: 'beta', name: 'Beta' })
  addMember(world.server.state, { email: GRACE, organizationId: '01ORGBETA' })
  expect((await world.run(['members', 'list'])).code).toBe(2)
  expect((await world.run(['members', 'list', '--org', 'beta'])).stdout).toContain(GRACE)
  expect((await world.run(['members', 'list', '--org', 'acme'])).stdout).not.toContain(GRACE)
})
