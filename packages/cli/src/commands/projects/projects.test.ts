import { expect, test } from 'vitest'
import { addKey } from '../../testing/fake-key-routes'
import { signedInWorld, type World } from '../../testing/run-command'

const addProjects = (world: World, count: number): void => {
  for (let i = 1; i <= count; i++) {
    world.server.state.projects.push({
      id: `01PROJ${i}`,
      organizationId: '01ORGACME',
      name: `Project ${i}`,
      slug: `project-${i}`,
      status: 'active',
      description: null,
      website: null,
    })
  }
}

test('a project is made, shown, changed and deleted', async () => {
  const world = await signedInWorld()
  const created = await world.run(['projects', 'create', '--name', 'Shop', '--status', 'active', '--json'])
  expect(JSON.parse(created.stdout)).toMatchObject({ name: 'Shop', slug: 'shop', status: 'active' })
  expect((await world.run(['projects', 'show', 'shop'])).stdout).toContain('name\tShop\n')
  await world.run(['projects', 'update', 'shop', '--description', 'Sells things', '--name', 'Store'])
  const id = world.server.state.projects[0]?.id ?? ''
  expect((await world.run(['projects', 'show', id])).stdout).toContain('description\tSells things\n')
  expect((await world.run(['projects', 'delete', 'shop', '--yes'])).stdout).toBe(`${id}\n`)
  expect(world.server.state.projects).toEqual([])
})

test('an empty text clears a field; what is not named stays', async () => {
  const world = await signedInWorld()
  await world.run(['projects', 'create', '--name', 'Shop', '--description', 'x'])
  await world.run(['projects', 'update', 'shop', '--description', ''])
  expect(JSON.parse(world.server.requests.at(-1)?.body ?? '')).toEqual({ description: null })
})

test('an update of nothing is refused', async () => {
  const world = await signedInWorld()
  expect((await world.run(['projects', 'update', 'shop'])).code).toBe(2)
})

test('a list stops at its limit and says so; --all goes on', async () => {
  const world = await signedInWorld()
  addProjects(world, 230)
  const some = await world.run(['projects', 'list'], { tty: true })
  expect(some.stdout.trimEnd().split('\n').length).toBe(1 + 50)
  expect(some.stderr).toContain('50 of 230')
  const limited = await world.run(['projects', 'list', '--limit', '120', '-q'])
  expect(limited.stdout.trimEnd().split('\n').length).toBe(120)
  const all = await world.run(['projects', 'list', '--all', '--json'])
  expect(JSON.parse(all.stdout).length).toBe(230)
  expect((await world.run(['projects', 'list', '--limit', 'many'])).code).toBe(2)
})

test('a slug is found on any page, an id without looking', async () => {
  const world = await signedInWorld()
  addProjects(world, 150)
  const env = { SNOOP_ORG: '01ORGACME' }
  expect((await world.run(['projects', 'show', 'project-150'], { env })).code).toBe(0)
  const before = world.server.requests.length
  await world.run(['projects', 'show', '01PROJ7'], { env })
  expect(world.server.requests.length - before).toBe(1)
  expect((await world.run(['projects', 'show', 'nope'], { env })).code).toBe(3)
  expect((await world.run(['projects', 'show', '../../me'], { env })).code).toBe(3)
})

test('several organizations and none named: exit 2 with the list', async () => {
  const world = await signedInWorld()
  world.server.state.organizations.push({ id: '01ORGBETA', slug: 'beta', name: 'Beta' })
  const { code, stderr } = await world.run(['projects', 'list'])
  expect(code).toBe(2)
  expect(stderr).toContain('beta  Beta')
  expect((await world.run(['projects', 'list', '--org', 'beta'])).code).toBe(0)
  expect((await world.run(['projects', 'list'], { env: { SNOOP_ORG: 'acme' } })).code).toBe(0)
})

test('deleting asks first', async () => {
  const world = await signedInWorld()
  addProjects(world, 1)
  expect((await world.run(['projects', 'delete', 'project-1'])).code).toBe(2)
  const { asked } = await world.run(['projects', 'delete', 'project-1'], { tty: true, answers: [false] })
  expect(asked).toEqual(['Delete project Project 1 (project-1)?'])
  expect(world.server.state.projects.length).toBe(1)
})

test('a narrow key works in an organization that is named by id', async () => {
  const world = await signedInWorld()
  const key = addKey(world.server.state, { scopes: ['projects:read'] })
  const env = { SNOOP_API_KEY: key.secret, SNOOP_ORG: '01ORGACME' }
  expect((await world.run(['projects', 'list'], { env })).code).toBe(0)
  const { code, stderr } = await world.run(['projects', 'create', '--name', 'Shop', '--json'], { env })
  expect(code).toBe(5)
  expect(JSON.parse(stderr).error).toMatchObject({ code: 'API_KEY_MISSING_SCOPES' })
  expect(JSON.parse(stderr).error.message).toContain('projects:write')
})
