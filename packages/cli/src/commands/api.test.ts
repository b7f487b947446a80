import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listEndpoints } from '@snoop/sdk/contract'
import { expect, test } from 'vitest'
import { refuse } from '../testing/fake-answers'
import { addKey } from '../testing/fake-key-routes'
import { createWorld, signedInWorld, type World } from '../testing/run-command'

const last = (world: World) => {
  const { method, url, body, headers } = world.server.requests.at(-1) ?? {}
  return {
    method,
    path: `${url?.pathname}${url?.search}`,
    body: body === undefined ? undefined : JSON.parse(body),
    headers,
  }
}

test('--list names every operation of the contract, without a server', async () => {
  const world = await createWorld()
  const { stdout } = await world.run(['api', '--list', '--json'])
  expect(JSON.parse(stdout).length).toBe(listEndpoints().length)
  const some = await world.run(['api', '--list', 'snipy', '--json'])
  expect(JSON.parse(some.stdout).every(({ name }: { name: string }) => name.startsWith('snipy.'))).toBe(true)
  expect((await world.run(['api', '--list', 'nope'])).code).toBe(2)
  expect(world.server.requests).toEqual([])
})

test('a path is fetched by GET, and the envelope is printed as it came', async () => {
  const world = await signedInWorld()
  const { code, stdout } = await world.run(['api', '/api/user/me', '-f', 'a=b', '-F', 'n:=5'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ success: true, data: { email: 'ada@example.com' } })
  expect(last(world)).toMatchObject({ method: 'GET', path: '/api/user/me?a=b&n=5', body: undefined })
})

test('with a method the fields are the body', async () => {
  const world = await signedInWorld()
  await world.run(['api', 'put', '/api/user/me', '-f', 'fullName=Ada L.', '-F', 'tags:=["a",1]'])
  expect(last(world)).toMatchObject({ method: 'PUT', body: { fullName: 'Ada L.', tags: ['a', 1] } })
})

test('an operation knows where its fields belong, and which organization is meant', async () => {
  const world = await signedInWorld()
  await world.run(['api', 'projects.create', '-f', 'name=Shop'])
  expect(last(world)).toMatchObject({
    method: 'POST',
    path: '/api/user/organizations/01ORGACME/projects',
    body: { name: 'Shop' },
  })
  await world.run(['api', 'projects.list', '-F', 'limit:=5', '-f', 'organizationId=01ORGACME'])
  expect(last(world).path).toBe('/api/user/organizations/01ORGACME/projects?limit=5')
})

test('{org} in a path is the organization in use', async () => {
  const world = await signedInWorld()
  await world.run(['api', '/api/user/organizations/{org}/projects', '--org', 'acme'])
  expect(last(world).path).toBe('/api/user/organizations/01ORGACME/projects')
})

test('a body comes from stdin or a file, and fields are added to it', async () => {
  const world = await signedInWorld()
  await world.run(['api', 'projects.create', '--input', '-', '-f', 'slug=shop'], { stdin: '{"name":"Shop"}' })
  expect(last(world).body).toEqual({ name: 'Shop', slug: 'shop' })
  const path = join(world.home, 'body.json')
  await writeFile(path, '{"name":"Other"}')
  await world.run(['api', 'POST', '/api/user/organizations/{org}/projects', '--input', path])
  expect(last(world).body).toEqual({ name: 'Other' })
})

test('--paginate prints every item of every page as one array', async () => {
  const world = await signedInWorld()
  for (let i = 0; i < 230; i++) addKey(world.server.state, { name: `key-${i}` })
  const { stdout } = await world.run(['api', 'apiKeys.list', '--paginate'])
  expect(JSON.parse(stdout).length).toBe(230)
  const none = await world.run(['api', 'projects.list', '--paginate'])
  expect(JSON.parse(none.stdout)).toEqual([])
})

test('if a page fails the array is left open, and the exit code tells', async () => {
  const world = await signedInWorld()
  for (let i = 0; i < 150; i++) addKey(world.server.state, {})
  world.server.interfere = ({ url }) =>
    url.searchParams.get('offset') === '100' ? 'request_lost' : undefined
  const { code, stdout } = await world.run(['api', 'apiKeys.list', '--paginate'])
  expect(code).toBe(9)
  expect(() => JSON.parse(stdout)).toThrow()
})

test('what is no list has no pages', async () => {
  const world = await signedInWorld()
  expect((await world.run(['api', 'user.me', '--paginate'])).code).toBe(2)
})

test('an error status is a failure: stdout stays empty, but for -i', async () => {
  const world = await signedInWorld()
  const { code, stdout, stderr } = await world.run(['api', 'GET', '/api/nope', '--json'])
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  expect(JSON.parse(stderr).error).toMatchObject({ code: 'NOT_FOUND', status: 404, exit: 3 })
  expect(JSON.parse(stderr).error.hint).toBe('Check the path and the ids in it.')
  const included = await world.run(['api', 'GET', '/api/nope', '-i'])
  expect(included.stdout).toMatch(/^HTTP 404\ncontent-type: application\/json\n/)
})

test('what is wrong with each field is told, as other commands do', async () => {
  const world = await signedInWorld()
  const errors = [{ field: 'name', error: 'Must be 1 to 100 characters', location: 'body' }, 'odd']
  world.server.interfere = () => refuse(400, 'VALIDATION_ERROR', 'Validation failed', { errors })
  const { stderr } = await world.run(['api', 'PUT', '/api/user/me', '-f', 'name='])
  expect(stderr).toContain('✗ name: Must be 1 to 100 characters\n')
  const { error } = JSON.parse((await world.run(['api', 'PUT', '/x', '-f', 'name=', '--json'])).stderr)
  expect(error.fields).toEqual([{ field: 'name', error: 'Must be 1 to 100 characters' }])
})

test('public operations need no sign-in; session ones take no key', async () => {
  const world = await createWorld()
  expect((await world.run(['api', 'service.health'])).code).toBe(0)
  expect((await world.run(['api', 'auth.getSession'])).code).toBe(4)
  const signedIn = await signedInWorld()
  await signedIn.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  await signedIn.run(['api', 'auth.getSession'])
  expect(last(signedIn).headers?.cookie).toBeDefined()
})

test('headers are sent along, secrets among them are not taken', async () => {
  const world = await signedInWorld()
  await world.run(['api', 'user.me', '-H', 'X-Request-Id: mine'])
  expect(last(world).headers?.['x-request-id']).toBe('mine')
  for (const header of ['Authorization: Bearer x', 'cookie: a=b', 'X-Api-Key: k']) {
    const { code, stderr } = await world.run(['api', 'user.me', '-H', header])
    expect(code).toBe(2)
    expect(stderr).not.toContain('Bearer x')
  }
})

test.each([
  [['api']],
  [['api', 'projects.fly']],
  [['api', 'FLY', '/x']],
  [['api', 'GET', 'x']],
  [['api', '//evil.example/x']],
  [['api', 'https://evil.example/x']],
  [['api', '/x', '--input', '-']],
  [['api', '/x', '--input', '/nonexistent']],
  [['api', 'GET', '/x', '-f', 'novalue']],
  [['api', 'GET', '/x', '-F', 'n:=nojson']],
  [['api', 'GET', '/x', '-F', 'n:=[1]']],
  [['api', 'GET', '/x', '-H', 'nocolon']],
  [['api', 'user.me', '-f', 'x=1']],
  [['api', 'projects.get']],
  [['api', 'projects.get', '-f', 'id=../me']],
  [['api', 'POST', '/x', '--paginate']],
  [['api', 'snipy.createToken', '-f', 'password=x']],
  [['api', 'snipy.createToken', '-F', 'refresh_token:="x"']],
  [['api', 'snaapi.createRow', '-f', 'title=One']],
  [['api', 'snipy.addUrl', '-f', 'uri=https://example.com']],
  [['api', 'snipy.getUrl', '-f', 'id=1', '-f', 'page=2']],
  [['api', 'snipy.listUrls', '--out', '/tmp/x']],
  [['api', 'snipy.downloadQr', '-f', 'id=1', '--json']],
])('%j is refused before anything is sent', async argv => {
  const world = await signedInWorld()
  const sent = world.server.requests.length
  expect((await world.run(argv)).code).toBe(2)
  expect(world.server.requests.length).toBe(sent)
})
