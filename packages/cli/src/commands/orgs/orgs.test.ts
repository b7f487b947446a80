import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { signedInWorld } from '../../testing/run-command'

test('organizations are listed, the chosen one marked for a person', async () => {
  const world = await signedInWorld()
  const { stdout } = await world.run(['orgs', 'list', '--json'])
  expect(JSON.parse(stdout)[0]).toMatchObject({ id: '01ORGACME', slug: 'acme', role: 'owner' })
  await world.run(['orgs', 'use', 'acme'])
  expect((await world.run(['orgs', 'list'], { tty: true })).stdout).toContain('acme (in use)')
  expect((await world.run(['orgs', 'list', '-q'])).stdout).toBe('01ORGACME\n')
})

test('the choice is remembered for this server alone, and saves the look-up', async () => {
  const world = await signedInWorld()
  world.server.state.organizations.push({ id: '01ORGBETA', slug: 'beta', name: 'Beta' })
  expect((await world.run(['projects', 'list'])).code).toBe(2)
  expect((await world.run(['orgs', 'use', '01ORGBETA'])).stdout).toBe('01ORGBETA\n')
  expect(await readFile(world.configFile, 'utf8')).toContain('"slug": "beta"')
  const before = world.server.requests.length
  expect((await world.run(['projects', 'list'])).code).toBe(0)
  expect(world.server.requests.slice(before).map(({ url }) => url.pathname)).toEqual([
    '/api/user/organizations/01ORGBETA/projects',
  ])
  const status = await world.run(['status', '--json', '--url', 'http://localhost:9'])
  expect(JSON.parse(status.stdout).org).toBeNull()
})

test('an organization that the account has not is refused, with those that it has', async () => {
  const world = await signedInWorld()
  const { code, stderr } = await world.run(['orgs', 'use', 'nope'])
  expect(code).toBe(3)
  expect(stderr).toContain('acme  Acme')
})

test('a name cannot make the list of choices lie', async () => {
  const world = await signedInWorld()
  world.server.state.organizations.push({
    id: '01ORGBETA',
    slug: 'beta',
    name: 'Be\u202eta\nacme-2  \u001b[31mAcme',
  })
  const { stderr } = await world.run(['orgs', 'show'], { tty: true })
  expect(stderr).toContain('  beta  Beta acme-2  Acme\n')
  expect((await world.run(['orgs', 'list'], { tty: true })).stdout).toMatch(/^beta {2,}Beta acme-2 {2}Acme /m)
})

test('SNOOP_ORG, which counts before the choice, is pointed out', async () => {
  const world = await signedInWorld()
  const { stderr } = await world.run(['orgs', 'use', 'acme'], { env: { SNOOP_ORG: 'acme' } })
  expect(stderr).toContain('SNOOP_ORG')
})
