import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSnoop, type SnoopResult } from './kit/run-snoop'
import { type Server, startServer } from './kit/start-server'
import { createHome } from './kit/temporary-home'

let server: Server
const { home, remove } = createHome()

const env = (): Record<string, string> => ({
  HOME: home,
  SNOOP_URL: server.url,
  SNOOP_CREDENTIAL_STORE: 'file',
})
const snoop = (argv: readonly string[], stdin = ''): Promise<SnoopResult> =>
  runSnoop(argv, { env: env(), stdin })
const ok = async (argv: readonly string[], stdin?: string): Promise<string> => {
  const { code, stdout, stderr } = await snoop(argv, stdin)
  expect({ argv, code, stderr: code === 0 ? '' : stderr }).toEqual({ argv, code: 0, stderr: '' })
  return stdout
}
const json = async (argv: readonly string[]) => JSON.parse(await ok([...argv, '--json']))

/** Pays as a person does on the page that the command printed. */
const pay = async (sessionId: string, card = 'pays'): Promise<void> => {
  const answer = await fetch(`${server.url}/api/sandbox/checkouts/${sessionId}/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ card }),
  })
  expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)])
}

beforeAll(async () => {
  server = await startServer()
  const { email, password } = await server.createAccount('ada')
  await ok(['login', '--email', email, '--password-stdin'], password)
})
afterAll(async () => {
  await server.stop()
  remove()
})

test('before anything is bought: the free plan, what it allows, and nothing to change or manage', async () => {
  const [plan, usage, update, portal] = await Promise.all([
    json(['billing', 'plan']),
    ok(['billing', 'usage']),
    snoop(['billing', 'update', '--seats', '5', '--yes']),
    snoop(['billing', 'portal']),
  ])
  expect(plan).toMatchObject({ plan: 'free', status: 'none' })
  expect(usage).toMatch(/^seats\t1\t3\n/)
  expect(update.code).toBe(6)
  expect(portal).toMatchObject({ code: 6, stderr: expect.stringContaining('snoop billing checkout') })
})

/** Runs a command that prints a checkout and waits; pays it, and answers with what it printed then. */
const buyAndWait = async (argv: readonly string[], card?: string) => {
  let paid: Promise<void> | undefined
  const { code, stdout, stderr } = await runSnoop([...argv, '--wait', '--json'], {
    env: env(),
    onStart: child => {
      const lines = createInterface({ input: child.stdout! })
      paid = once(lines, 'line').then(([line]) => pay(JSON.parse(line).sessionId, card))
    },
  })
  await paid
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const [, outcome = ''] = stdout.split('\n')
  return JSON.parse(outcome)
}

test('a plan counts once it is paid, and --wait ends then', async () => {
  const outcome = await buyAndWait(['billing', 'checkout', '--plan', 'starter'])
  expect(outcome).toMatchObject({ status: 'complete', subscription: { plan: 'starter', seatCount: 2 } })
  const [plan, again] = await Promise.all([
    ok(['billing', 'plan']),
    snoop(['billing', 'checkout', '--plan', 'pro']),
  ])
  expect(plan).toMatch(/^plan\tstarter\nstatus\tactive\n(.*\n)*renews\t20/)
  expect(again).toMatchObject({ code: 6, stderr: expect.stringContaining('snoop billing update') })
})

test('it is changed, ended with its period, and taken up again', async () => {
  const update = (...argv: string[]) => json(['billing', 'update', ...argv, '--yes'])
  expect(await update('--plan', 'pro', '--seats', '4')).toMatchObject({ plan: 'pro', seatCount: 4 })
  expect(await update('--cancel')).toMatchObject({ plan: 'pro', cancelAtPeriodEnd: true })
  expect(await update('--resume')).toMatchObject({ cancelAtPeriodEnd: false })
})

test('asked to stop while a payment is waited for it ends in silence, and the checkout can be paid', async () => {
  let sessionId = ''
  const stopped = await runSnoop(['billing', 'credits', '--count', '1', '--wait', '--json'], {
    env: env(),
    onStart: child => {
      createInterface({ input: child.stdout! }).once('line', line => {
        sessionId = JSON.parse(line).sessionId
        child.kill('SIGTERM')
      })
    },
  })
  expect(stopped).toMatchObject({ code: 143, stderr: '' })
  await pay(sessionId)
  expect((await json(['billing', 'usage'])).credits).toEqual({ balance: 1 })
})

test('the portal has an address; invoices are made out to whom one says', async () => {
  const settings = ['billing', 'settings', 'set']
  const [portal, set, refused] = await Promise.all([
    ok(['billing', 'portal']),
    json([...settings, '--company', 'Acme SARL', '--country', 'fr']),
    snoop([...settings, '--country', 'France']),
  ])
  expect(portal).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sandbox\/portal#\S+\n$/)
  expect(set).toMatchObject({ companyName: 'Acme SARL', country: 'FR', city: null })
  expect(refused.code).toBe(6)
})
