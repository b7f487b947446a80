import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readQr } from './kit/read-qr'
import { runSnoop, type SnoopResult } from './kit/run-snoop'
import { type Account, type Server, startServer } from './kit/start-server'
import { createHome } from './kit/temporary-home'

let server: Server
let account: Account
const { home, remove } = createHome()

const fileOf = (name: string): string => join(home, `${name}.key`)
const snoop = (
  argv: readonly string[],
  { stdin = '', env = {} }: { stdin?: string; env?: Record<string, string> } = {},
): Promise<SnoopResult> =>
  runSnoop(argv, {
    env: { HOME: home, SNOOP_URL: server.url, SNOOP_CREDENTIAL_STORE: 'file', ...env },
    stdin,
  })
const ok = async (argv: readonly string[], stdin?: string): Promise<string> => {
  const { code, stdout, stderr } = await snoop(argv, { ...(stdin !== undefined && { stdin }) })
  expect({ argv, code, stderr: code === 0 ? '' : stderr }).toEqual({ argv, code: 0, stderr: '' })
  return stdout
}
const json = async (argv: readonly string[]) => JSON.parse(await ok([...argv, '--json']))

/** `snoop api` with the key that is in the file of this name. */
const api = (name: string, ...argv: string[]): Promise<SnoopResult> =>
  snoop(['api', ...argv], { env: { SNOOP_API_KEY_FILE: fileOf(name) } })
const answer = async (name: string, ...argv: string[]) => {
  const { code, stdout, stderr } = await api(name, ...argv)
  expect({ argv, code, stderr }).toEqual({ argv, code: 0, stderr: '' })
  return stdout === '' ? undefined : JSON.parse(stdout)
}
const create = (name: string, ...rest: string[]): Promise<string> =>
  ok(['keys', 'create', '--name', name, '--out', fileOf(name), ...rest])
const verify = (name: string, ...rest: string[]): Promise<SnoopResult> =>
  snoop(['keys', 'verify', '--file', fileOf(name), ...rest])

beforeAll(async () => {
  server = await startServer()
  account = await server.createAccount('ada')
  await ok(['login', '--email', account.email, '--password-stdin'], account.password)
})
afterAll(async () => {
  await server.stop()
  remove()
})

describe('keys of four formats', () => {
  test('each is made into a file of its own, and looks as its surface wants it', async () => {
    await Promise.all([
      create('native', '--scopes', 'all'),
      create('links', '--format', 'snpy'),
      create('monitor', '--format', 'snt'),
      create('blog', '--format', 'sna', '--expires', '7d'),
    ])
    const looks = {
      native: /^ba_\w{46}$/,
      links: /^snpy_[0-9a-f]{64}$/,
      monitor: /^snt_\w{46}$/,
      blog: /^sna_/,
    }
    for (const [name, look] of Object.entries(looks)) {
      expect(readFileSync(fileOf(name), 'utf8').trim()).toMatch(look)
      expect(statSync(fileOf(name)).mode & 0o777).toBe(0o600)
    }
  })

  test('lists tell them apart by format, name, use and end', async () => {
    const names = async (...filter: string[]) =>
      (await json(['keys', 'list', ...filter])).map(({ name }: { name: string }) => name)
    expect(
      await Promise.all([
        names('--format', 'snt'),
        names('--search', 'blo'),
        names('--expiring', '14d'),
        names('--unused', '1d'),
        names('--unused', '0s', '--format', 'snpy'),
      ]),
    ).toEqual([['monitor'], ['blog'], ['blog'], [], ['links']])
  })

  test('each is good on its surface alone', async () => {
    expect(await answer('native', 'user.me')).toMatchObject({ data: { email: account.email } })
    const { data: link } = await answer('links', 'snipy.addUrl', '-f', 'url=https://example.com/long')
    expect(await answer('links', 'snipy.getUrl', '-f', `id=${link.id}`)).toMatchObject({
      error: 0,
      data: { longurl: 'https://example.com/long' },
    })
    const { data: post } = await answer('blog', 'snaapi.createRow', '-f', 'resource=posts', '-f', 'title=One')
    await answer('blog', 'snaapi.createRow', '-f', 'resource=posts', '-f', 'title=Two')
    const list = ['snaapi.listRows', '-f', 'resource=posts', '-f', 'title__ilike=%ON%', '--paginate']
    expect(await answer('blog', ...list)).toMatchObject([{ id: post.id, title: 'One' }])
    expect(
      await answer('blog', 'snaapi.deleteRow', '-f', 'resource=posts', '-f', `id=${post.id}`),
    ).toBeUndefined()
    const elsewhere = await Promise.all([
      api('links', 'user.me'),
      api('blog', 'snipy.listUrls'),
      api('native', 'snaptrack.test'),
      api('monitor', 'snaapi.listResources'),
    ])
    expect(elsewhere.map(({ code }) => code)).toEqual([4, 4, 4, 4])
    expect(elsewhere[2]?.stderr).toContain('keys of the format snt alone')
  })

  test('the session is taken by resources, and told elsewhere which key it needs', async () => {
    expect((await json(['api', 'snaapi.listRows', '-f', 'resource=posts'])).data).toMatchObject([
      { title: 'Two' },
    ])
    const { code, stderr } = await snoop(['api', 'snaptrack.test'])
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining('SNOOP_API_KEY_FILE=snaptrack.key snoop api snaptrack.test'),
    ])
  })
})

describe('the plan decides on the surface snaptrack', () => {
  test('the free one has no access to it, and what to buy is told', async () => {
    const { code, stderr } = await api('monitor', 'snaptrack.test')
    expect([code, stderr]).toEqual([6, expect.stringContaining('snoop billing checkout --plan starter')])
  })

  test('a paid one has; a screenshot without Chromium is a failure of the server, in its words', async () => {
    const { sessionId } = await json(['billing', 'checkout', '--plan', 'starter', '--seats', '1'])
    const paid = await fetch(`${server.url}/api/sandbox/checkouts/${sessionId}/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ card: 'pays' }),
    })
    expect(paid.status).toBe(200)
    expect(await answer('monitor', '/api/test')).toMatchObject({ user: { email: account.email } })
    const site = ['-f', 'name=Home', '-f', 'url=https://example.com']
    const { data } = await answer('monitor', 'snaptrack.createWebsite', ...site)
    const { code, stderr } = await api('monitor', 'snaptrack.takeScreenshot', '-f', `id=${data.id}`, '--json')
    expect(code).toBe(10)
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringMatching(/chromium/i),
    })
  })

  test('a second key of its format is made by who agrees, and ends the first', async () => {
    const argv = ['keys', 'create', '--name', 'second', '--format', 'snt', '--out', fileOf('second')]
    const refused = await snoop(argv)
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('monitor')])
    expect((await api('monitor', 'snaptrack.listWebsites')).code).toBe(0)
    await ok([...argv, '--yes'])
    expect((await api('monitor', 'snaptrack.listWebsites')).code).toBe(4)
    expect((await api('second', 'snaptrack.listWebsites')).code).toBe(0)
  })
})

test('the image of a QR code is written to a file, and leads through its short link', async () => {
  const { data } = await answer(
    'links',
    'snipy.addQr',
    '-f',
    'name=Door',
    '-f',
    'url=https://example.com/door',
  )
  const out = join(home, 'door.png')
  const download = ['snipy.downloadQr', '-F', `id:=${data.id}`]
  expect(await api('links', ...download, '--out', out)).toMatchObject({ code: 0, stdout: `${out}\n` })
  expect(readQr(readFileSync(out))).toBe(data.url)
  const svg = await api('links', ...download, '-f', 'format=svg')
  expect(svg.stdout).toContain('<svg')
})

test('what a key may do to resources is narrowed by its permissions, and what is unknown is named', async () => {
  await create('reader', '--format', 'sna', '--permission', 'posts:read=title')
  const [row] = (await answer('reader', 'snaapi.listRows', '-f', 'resource=posts')).data
  expect(Object.keys(row).sort()).toEqual(['created_at', 'id', 'title', 'updated_at'])
  const write = await api('reader', 'snaapi.createRow', '-f', 'resource=posts', '-f', 'title=Three')
  expect([write.code, write.stderr]).toEqual([5, expect.stringContaining('snoop keys show <key>')])
  const unknown = await snoop(['keys', 'update', 'reader', '--permission', 'posts:read=titel'])
  expect([unknown.code, unknown.stderr]).toEqual([
    6,
    expect.stringMatching(/--permission posts:read: .*titel.*; the fields are .*title/),
  ])
})

test('a key is good, disabled, enabled, at its limit, rotated and revoked, each from the next request on', async () => {
  const list = ['snaapi.listResources']
  expect((await verify('blog')).code).toBe(0)
  await ok(['keys', 'disable', 'blog'])
  expect((await api('blog', ...list)).code).toBe(4)
  expect(await verify('blog')).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('snoop keys enable'),
  })
  await ok(['keys', 'enable', 'blog'])
  expect((await api('blog', ...list)).code).toBe(0)

  await ok(['keys', 'update', 'blog', '--rate', '2/1h'])
  for (let calls = 0; calls < 2; calls++) await api('blog', ...list)
  const limited = await api('blog', ...list)
  expect([limited.code, limited.stderr]).toEqual([7, expect.stringMatching(/wait/i)])
  expect(await verify('blog')).toMatchObject({ code: 7, stderr: expect.stringContaining('at its limit') })
  const tooMuch = await snoop(['keys', 'update', 'blog', '--refill', '3/10s'])
  expect([tooMuch.code, tooMuch.stderr]).toEqual([
    6,
    expect.stringContaining('--refill: Must be at most --rate'),
  ])
  await ok(['keys', 'update', 'blog', '--rate', 'off'])

  const rotated = (await ok(['keys', 'rotate', 'blog'])).trim()
  expect(rotated).toMatch(/^sna_\w{46}$/)
  expect((await snoop(['api', ...list], { env: { SNOOP_API_KEY: rotated } })).code).toBe(0)
  expect((await api('blog', ...list)).code).toBe(4)
  expect((await verify('blog', '--json')).stdout).toContain('"REVOKED"')
  await ok(['keys', 'disable', 'links'])
  await ok(['keys', 'revoke', 'links', '--yes'])
  expect((await api('links', 'snipy.listUrls')).code).toBe(4)
})

test('a key of a surface in the environment is no sign-in, and both commands that tell say so', async () => {
  const env = { SNOOP_API_KEY_FILE: fileOf('second') }
  const [whoami, status] = await Promise.all([
    snoop(['whoami'], { env }),
    snoop(['status', '--json'], { env }),
  ])
  expect([whoami.code, status.code]).toEqual([4, 4])
  expect(whoami.stderr).toContain('good for `snoop api` on its surface alone')
  expect(JSON.parse(status.stdout)).toMatchObject({ state: 'rejected' })
})
