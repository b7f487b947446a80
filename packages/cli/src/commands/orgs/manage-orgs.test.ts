import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { addKey } from '../../testing/fake-key-routes'
import { addMember, tenantsOf } from '../../testing/fake-member-routes'
import { PASSWORD } from '../../testing/fake-snoop'
import { signedInWorld, type World } from '../../testing/run-command'

const DELETE = ['orgs', 'delete', 'acme']

const slugs = (world: World): string[] => world.server.state.organizations.map(({ slug }) => slug)

const rename = (world: World, name: string): void => {
  Object.assign(world.server.state.organizations[0] ?? {}, { name })
}

/** Twenty minutes after the sign-in. */
const grow = (world: World): void => {
  world.nowMs += 20 * 60 * 1000
}

test('an organization is made, shown and changed', async () => {
  const world = await signedInWorld()
  const made = await world.run(['orgs', 'create', 'Beta Ltd', '--slug', 'beta', '--json'])
  expect(JSON.parse(made.stdout)).toMatchObject({ name: 'Beta Ltd', slug: 'beta', role: 'owner' })
  expect((await world.run(['orgs', 'show', 'beta'])).stdout).toContain('name\tBeta Ltd\nyour role\towner\n')
  const { stdout } = await world.run(['orgs', 'update', 'beta', '--name', 'Beta'], { tty: true })
  expect(stdout).toContain('Changed Beta (beta).')
  expect(slugs(world)).toEqual(['acme', 'beta'])
})

test('without --use the next command is told, with it commands work in the new one', async () => {
  const world = await signedInWorld()
  expect((await world.run(['orgs', 'create', 'Beta'])).stderr).toContain('snoop orgs use beta')
  await world.run(['orgs', 'create', 'Gamma', '--use'])
  expect((await world.run(['orgs', 'show'])).stdout).toContain('slug\tgamma\n')
})

test('a slug that is taken says which field to change; a change of nothing is a usage error', async () => {
  const world = await signedInWorld()
  const taken = await world.run(['orgs', 'create', 'Other', '--slug', 'acme'])
  expect(taken).toMatchObject({ code: 6, stderr: '✗ This slug is taken\n  Choose another slug.\n' })
  expect((await world.run(['orgs', 'update', 'acme'])).code).toBe(2)
})

test('a new slug of the organization in use is remembered', async () => {
  const world = await signedInWorld()
  await world.run(['orgs', 'use', 'acme'])
  await world.run(['orgs', 'update', '--slug', 'acme-2'])
  expect(await readFile(world.configFile, 'utf8')).toContain('"slug": "acme-2"')
  await world.run(['orgs', 'create', 'Beta'])
  await world.run(['orgs', 'update', 'beta', '--slug', 'beta-2'])
  expect(await readFile(world.configFile, 'utf8')).toContain('"slug": "acme-2"')
})

test.each(['acme', 'Acme'])('%s is typed to delete it', async typed => {
  const world = await signedInWorld()
  const { code, asked } = await world.run(DELETE, { tty: true, answers: [typed] })
  expect({ code, asked }).toEqual({
    code: 0,
    asked: ['Delete Acme (acme) with all that belongs to it? Type its slug, acme, or its name to go ahead'],
  })
  expect(slugs(world)).toEqual([])
})

test.each(['ACME', ' acme', 'acme ', 'Acme\u200e', 'yes', 'аcme'])('%j is not its name', async typed => {
  const world = await signedInWorld()
  const refused = await world.run(DELETE, { tty: true, answers: [typed] })
  expect(refused.stderr).toContain('or nothing to stop')
  expect((await world.run([...DELETE, '--confirm', typed])).code).toBe(2)
  expect(slugs(world)).toEqual(['acme'])
})

test('what is shown of a deceptive name does not pass for it, the slug does', async () => {
  const world = await signedInWorld()
  rename(world, 'Acme\u202e\u001b[2K\nBeta')
  const { asked, stderr } = await world.run(DELETE, { tty: true, answers: ['Acme Beta'] })
  expect(asked[0]).toContain('Delete Acme Beta (acme) with')
  expect(stderr).toContain('or nothing to stop')
  expect((await world.run([...DELETE, '--confirm', 'acme'])).code).toBe(0)
})

test('nothing typed deletes nothing, nor does --yes', async () => {
  const world = await signedInWorld()
  expect((await world.run(DELETE, { tty: true, answers: [''] })).code).toBe(1)
  const { code, stderr } = await world.run([...DELETE, '--yes'])
  expect(code).toBe(2)
  expect(stderr).toContain('Add --confirm acme to go ahead')
  expect(slugs(world)).toEqual(['acme'])
})

test('a session that is not fresh is proved again', async () => {
  const world = await signedInWorld()
  grow(world)
  const confirmed = [...DELETE, '--confirm', 'acme']
  const { code, stderr } = await world.run([...confirmed, '--json'])
  expect(code).toBe(4)
  expect(JSON.parse(stderr).error.code).toBe('FRESH_SESSION_REQUIRED')
  expect(slugs(world)).toEqual(['acme'])
  expect((await world.run(confirmed, { tty: true, answers: [PASSWORD] })).code).toBe(0)
})

test('a key cannot delete it', async () => {
  const world = await signedInWorld()
  const key = addKey(world.server.state, { scopes: ['user:read', 'user:write'] })
  const env = { SNOOP_API_KEY: key.secret }
  const { code, stderr } = await world.run([...DELETE, '--confirm', 'acme'], { env })
  expect(code).toBe(5)
  expect(stderr).toContain('unset SNOOP_API_KEY')
})

test('the deleted one is no longer in use, and a key that was pinned to it is forgotten', async () => {
  const world = await signedInWorld()
  await world.run(['orgs', 'create', 'Beta'])
  await world.run(['orgs', 'use', 'acme'])
  await world.run(['keys', 'create', '--name', 'pinned', '--scopes', 'all', '--org', 'acme', '--use'])
  const { stderr } = await world.run([...DELETE, '--confirm', 'acme'])
  expect(stderr).toContain('snoop orgs use <org>')
  expect(stderr).toContain('The key pinned of this profile')
  expect(await readFile(world.configFile, 'utf8')).not.toContain('acme')
  expect(JSON.parse((await world.run(['orgs', 'show', '--json'])).stdout).slug).toBe('beta')
})

test('another one stays in use', async () => {
  const world = await signedInWorld()
  await world.run(['orgs', 'create', 'Beta', '--use'])
  const { stderr } = await world.run([...DELETE, '--confirm', 'acme'])
  expect(stderr).toBe('')
  expect(await readFile(world.configFile, 'utf8')).toContain('"slug": "beta"')
})

test('the last owner cannot leave, and is told how to hand it over', async () => {
  const world = await signedInWorld()
  const { code, stderr } = await world.run(['orgs', 'leave', 'acme', '--yes'])
  expect(code).toBe(6)
  expect(stderr).toContain('snoop orgs transfer <org> --to <member>')
})

test('leaving asks first, and clears the choice', async () => {
  const world = await signedInWorld()
  addMember(world.server.state, { email: 'grace@example.com', role: 'owner' })
  await world.run(['orgs', 'use', 'acme'])
  expect((await world.run(['orgs', 'leave'])).code).toBe(2)
  expect((await world.run(['orgs', 'leave'], { tty: true, answers: [false] })).code).toBe(1)
  const { code, stdout } = await world.run(['orgs', 'leave', '--yes'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: '01ORGACME\n' })
  expect(await readFile(world.configFile, 'utf8')).not.toContain('acme')
})

test('leaving works for a member who does not meet the MFA policy', async () => {
  const world = await signedInWorld()
  addMember(world.server.state, { email: 'grace@example.com', role: 'owner' })
  world.server.interfere = ({ url }) =>
    /organizations\/[^/]+$/.test(url.pathname)
      ? { status: 403, body: { success: false, status: 403, code: 'MFA_REQUIRED', message: 'x' } }
      : undefined
  expect((await world.run(['orgs', 'leave', 'acme', '--yes'])).code).toBe(0)
})

test('it is handed over after a question, with a fresh session', async () => {
  const world = await signedInWorld()
  addMember(world.server.state, { email: 'grace@example.com', fullName: 'Grace' })
  grow(world)
  const transfer = ['orgs', 'transfer', 'acme', '--to', 'Grace@Example.com']
  expect((await world.run([...transfer, '--yes'])).code).toBe(4)
  const { code, asked, stdout } = await world.run(transfer, { tty: true, answers: [true, PASSWORD] })
  expect(code).toBe(0)
  expect(asked[0]).toBe(
    'Make Grace (grace@example.com) an owner of Acme (acme)? You become an admin, and cannot take it back.',
  )
  expect(stdout).toContain('Grace (grace@example.com) owns Acme (acme) now.')
  expect(tenantsOf(world.server.state).members.map(({ role }) => role)).toEqual(['owner', 'admin'])
})

test('it is handed over to nobody but a member, and --to is needed without a terminal', async () => {
  const world = await signedInWorld()
  const to = (email: string) => world.run(['orgs', 'transfer', 'acme', '--to', email, '--yes'])
  expect((await to('nobody@example.com')).code).toBe(3)
  expect((await world.run(['orgs', 'transfer', 'acme', '--yes'])).code).toBe(2)
})
