import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FakeAnswer } from '../../testing/fake-answers'
import { createWorld, signedInWorld, type World } from '../../testing/run-command'

/** A world with a key in the environment, and a surface that answers all the same. */
const surfaceWorld = async (answer: FakeAnswer) => {
  const world = await createWorld()
  world.server.interfere = () => answer
  const api = (argv: readonly string[], options: Parameters<World['run']>[1] = {}) =>
    world.run(['api', ...argv], { ...options, env: { SNOOP_API_KEY: 'sna_of_ours' } })
  return { world, api }
}

const lastOf = ({ server }: World) => {
  const { method, url, body, headers = {} } = server.requests.at(-1) ?? {}
  return { line: `${method} ${decodeURIComponent(`${url?.pathname}${url?.search}`)}`, body, headers }
}

const ok = (body: unknown, status = 200): FakeAnswer => ({ status, body })
const png: FakeAnswer = { status: 200, body: 'png', headers: { 'content-type': 'image/png' } }

test('filters of a list go into the query, beside its paging', async () => {
  const { world, api } = await surfaceWorld(ok({ data: [], meta: { total: 0 } }))
  const { code, stdout } = await api([
    ...['snaapi.listRows', '-f', 'resource=posts', '-f', 'title__ilike=%a%', '-F', '_limit:=5'],
  ])
  expect([code, JSON.parse(stdout)]).toEqual([0, { data: [], meta: { total: 0 } }])
  expect(lastOf(world)).toMatchObject({
    line: 'GET /v1/posts?_limit=5&title__ilike=%a%',
    body: undefined,
    headers: { 'x-api-key': 'sna_of_ours' },
  })
})

test('values of a row go into the body, those of the path not', async () => {
  const { world, api } = await surfaceWorld(ok({ data: {} }, 201))
  await api(['snaapi.createRow', '-f', 'resource=posts', '-f', 'title=One', '-F', 'views:=3'])
  expect(lastOf(world)).toMatchObject({ line: 'POST /v1/posts', body: '{"title":"One","views":3}' })
  const input = { stdin: '{"id":"of the row"}' }
  await api(['snaapi.updateRow', '-f', 'resource=posts', '-f', 'id=r1', '--input', '-'], input)
  expect(lastOf(world)).toMatchObject({ line: 'PATCH /v1/posts/r1', body: '{"id":"of the row"}' })
})

test('what is deleted answers nothing, and nothing is printed', async () => {
  const { world, api } = await surfaceWorld(ok('', 204))
  const { code, stdout } = await api(['snaapi.deleteRow', '-f', 'resource=posts', '-f', 'id=r1'])
  expect([code, stdout, lastOf(world).line]).toEqual([0, '', 'DELETE /v1/posts/r1'])
})

test.each([
  ['-F', 'id:=1'],
  ['-f', 'id=1'],
])('a number in a path is given by %s %s', async (flag, field) => {
  const { world, api } = await surfaceWorld(ok({ error: 0, data: {} }))
  expect((await api(['snipy.getUrl', flag, field])).code).toBe(0)
  expect(lastOf(world).line).toBe('GET /api/url/1')
})

test('a form is sent as one, without a credential, and its password comes from stdin', async () => {
  const { world, api } = await surfaceWorld(ok({ access_token: 'a' }))
  const stdin = JSON.stringify({ identifier: 'ada@example.com', password: 'a b&c' })
  const { code } = await api(['snipy.createToken', '-f', 'grant_type=password', '--input', '-'], { stdin })
  const { body, headers } = lastOf(world)
  expect(code).toBe(0)
  expect(headers['content-type']).toBe('application/x-www-form-urlencoded')
  expect(headers['x-api-key']).toBeUndefined()
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    grant_type: 'password',
    identifier: 'ada@example.com',
    password: 'a b&c',
  })
})

test('snaptrack is given the key as a bearer token, at either of its paths', async () => {
  const { world, api } = await surfaceWorld(ok({ success: true }))
  for (const target of ['snaptrack.test', '/test', '/api/test']) {
    expect((await api([target])).code).toBe(0)
    expect(lastOf(world).headers).toMatchObject({ authorization: 'Bearer sna_of_ours' })
    expect(lastOf(world).headers['x-api-key']).toBeUndefined()
  }
})

test('a file goes to --out or into a pipe, and not onto a terminal', async () => {
  const { world, api } = await surfaceWorld(png)
  const out = join(world.home, 'code.png')
  const download = ['snipy.downloadQr', '-f', 'id=1', '-f', 'format=png']
  expect(await api([...download, '--out', out])).toMatchObject({ code: 0, stdout: `${out}\n` })
  expect(await readFile(out, 'utf8')).toBe('png')
  expect(lastOf(world).line).toBe('GET /api/qr/1/download?format=png')
  expect(await api(download)).toMatchObject({ code: 0, stdout: 'png' })
  const sent = world.server.requests.length
  expect((await api([...download, '--out', out])).code).toBe(6)
  expect((await api([...download, '--out', join(world.home, 'none', 'code.png')])).code).toBe(1)
  for (const target of [download, ['/api/screenshots/1/download'], ['/screenshots/1/download']]) {
    const shown = await api(target, { tty: true })
    expect([shown.code, shown.stderr]).toEqual([2, expect.stringContaining('--out <file>')])
  }
  expect(world.server.requests.length).toBe(sent)
})

test('what is answered in the place of a file is no file', async () => {
  const { world, api } = await surfaceWorld(ok('<html>', 200))
  const out = join(world.home, 'code.png')
  expect((await api(['snipy.downloadQr', '-f', 'id=1', '--out', out])).code).toBe(10)
  await expect(readFile(out)).rejects.toThrow()
})

const pages: Record<string, (url: URL) => unknown> = {
  'snipy.listUrls': url => {
    const page = Number(url.searchParams.get('page'))
    return { error: 0, data: { result: 3, nextpage: page < 3 ? page + 1 : null, urls: [page] } }
  },
  'snaptrack.listWebsites': url => ({
    data: [Number(url.searchParams.get('page'))],
    meta: { current_page: 1, total: 3 },
  }),
  'snaapi.listRows': url => ({
    data: [Number(url.searchParams.get('_offset')) + 1],
    meta: { resource: 'posts', total: 3, limit: 200, offset: 0 },
  }),
}

test.each(Object.keys(pages))('--paginate fetches every page of %s', async operation => {
  const { world, api } = await surfaceWorld(png)
  world.server.interfere = ({ url }) => ok(pages[operation]?.(url))
  const resource = operation === 'snaapi.listRows' ? ['-f', 'resource=posts'] : []
  const { code, stdout } = await api([operation, ...resource, '--paginate'])
  expect([code, JSON.parse(stdout)]).toEqual([0, [1, 2, 3]])
})

test('what is no list of its surface has no pages', async () => {
  const { api } = await surfaceWorld(ok({ error: 0, data: { id: 1 } }))
  expect((await api(['snipy.getUrl', '-f', 'id=1', '--paginate'])).code).toBe(2)
})

const refused = (status: number, code: string, body: unknown, headers = {}): FakeAnswer => ({
  status,
  body,
  headers: { 'x-error-code': code, ...headers },
})

const post = ['snaapi.createRow', '-f', 'resource=posts']
test.each<[string, readonly string[], FakeAnswer, object]>([
  [
    'snipy',
    ['snipy.getUrl', '-f', 'id=1'],
    refused(404, 'NOT_FOUND', { error: 1, message: 'No such link' }),
    { exit: 3, code: 'NOT_FOUND', message: 'No such link' },
  ],
  [
    'snipy, too often',
    ['snipy.listUrls'],
    refused(429, 'RATE_LIMIT_ERROR', { error: 1, message: 'Too many' }, { 'retry-after': '7' }),
    { exit: 7, code: 'RATE_LIMIT_ERROR', retryAfter: 7, hint: 'Wait 7 seconds.' },
  ],
  [
    'snaptrack, a field',
    ['snaptrack.createWebsite', '-f', 'name=x'],
    refused(422, 'VALIDATION_ERROR', {
      message: 'The given data was invalid.',
      errors: { url: ['The url field is required.'] },
    }),
    { exit: 6, message: 'url: The url field is required.', fields: [{ field: 'url' }] },
  ],
  [
    'snaptrack, the plan',
    ['snaptrack.test'],
    refused(403, 'PLAN_FEATURE_MISSING', {
      success: false,
      error: 'API access is not available on your plan',
      message: 'Upgrade your subscription to use the API',
      current_plan: 'free',
    }),
    {
      exit: 6,
      message: 'API access is not available on your plan: Upgrade your subscription to use the API',
      hint: 'Get a larger plan:  snoop billing checkout --plan starter',
    },
  ],
  [
    'snaptrack without Chromium',
    ['snaptrack.takeScreenshot', '-f', 'id=1'],
    refused(503, 'SERVICE_UNAVAILABLE', { success: false, error: 'There is no Chromium' }),
    { exit: 10, code: 'SERVICE_UNAVAILABLE', message: 'There is no Chromium', hint: null },
  ],
  [
    'snaapi, a field',
    post,
    refused(400, 'VALIDATION_ERROR', {
      code: 'VALIDATION_ERROR',
      message: 'Validation failed for fields: title',
      errors: [{ field: 'title', error: 'Required', location: 'body' }],
    }),
    { exit: 6, message: 'title: Required' },
  ],
  [
    'snaapi, a right',
    post,
    refused(403, 'INSUFFICIENT_PERMISSIONS', {
      code: 'INSUFFICIENT_PERMISSIONS',
      message: 'You may not create posts',
      details: { missing: ['posts:create'] },
    }),
    { exit: 5, message: 'You may not create posts', hint: expect.stringContaining('snoop keys show <key>') },
  ],
])('an error of %s is told as any other', async (_, argv, answer, error) => {
  const { api } = await surfaceWorld(answer)
  const { code, stdout, stderr } = await api([...argv, '--json'])
  const told = JSON.parse(stderr).error
  expect(stdout).toBe('')
  expect({ ...told, fields: told.fields?.map(({ field }: { field: string }) => ({ field })) }).toMatchObject(
    error,
  )
  expect(code).toBe(told.exit)
})

test('a surface that does not take the credential says which key it takes, and how to make and use one', async () => {
  const world = await signedInWorld()
  const unauthorized = refused(401, 'INVALID_API_KEY', { success: false, error: 'Unauthorized' })
  const test = () => world.run(['api', 'snaptrack.test'])
  const recipe = [
    'The surface snaptrack takes keys of the format snt alone.',
    'snoop keys create --format snt --out snaptrack.key',
    'SNOOP_API_KEY_FILE=snaptrack.key snoop api snaptrack.test',
  ]
  world.server.interfere = () => unauthorized
  const bySession = await test()
  world.server.interfere = () => undefined
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  world.server.interfere = () => unauthorized
  for (const { code, stderr } of [bySession, await test()]) {
    expect(code).toBe(4)
    for (const line of recipe) expect(stderr).toContain(line)
  }
  const fromEnvironment = await world.run(['api', 'snaptrack.test'], { env: { SNOOP_API_KEY: 'ba_x' } })
  expect(fromEnvironment.stderr).toContain('SNOOP_API_KEY_FILE')
  expect(fromEnvironment.stderr).toContain('keys of the format snt alone')
})

test('each surface is called with what it takes: resources with the session, the others with the key', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'user:read', '--use'])
  world.server.interfere = ({ url }) =>
    url.pathname.startsWith('/v1') ? ok({ data: [] }) : ok({ error: 0, data: {} })
  await world.run(['api', 'snaapi.listResources'])
  expect(lastOf(world).headers.cookie).toBeDefined()
  await world.run(['api', 'snipy.listUrls'])
  expect([lastOf(world).headers.cookie, lastOf(world).headers['x-api-key']]).toEqual([
    undefined,
    world.server.state.keys[0]?.secret,
  ])
})
