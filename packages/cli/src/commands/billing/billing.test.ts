import { expect, test } from 'vitest'
import { CliError } from '../../cli-error'
import { ok, refuse } from '../../testing/fake-answers'
import { billingOf, payCheckout } from '../../testing/fake-billing-routes'
import { addKey } from '../../testing/fake-key-routes'
import { signedInWorld, type World } from '../../testing/run-command'

const USAGE = {
  plan: 'free',
  projects: { used: 0, limit: null },
  websites: { used: 0, limit: 1 },
  apiAccess: false,
  requestsPerMinute: 0,
  credits: { balance: 7 },
}
const lastBody = (world: World) => JSON.parse(world.server.requests.at(-1)?.body ?? '')

/** A world whose Acme has a plan already. */
const subscribedWorld = async (): Promise<World> => {
  const world = await signedInWorld()
  const input = { tierId: 'starter', interval: 'month', seatCount: 3 }
  payCheckout(world.server.state, { sessionId: 'cs_1', status: 'open', input })
  return world
}

/** Pays (or ends) the open checkout when the command has asked for it so often. */
const settleAfter = (world: World, asks: number, settle: (sessionId: string) => void): void => {
  let count = 0
  world.server.interfere = ({ url, body }) => {
    if (url.pathname.endsWith('/verify') && ++count === asks) settle(JSON.parse(body ?? '').sessionId)
    return undefined
  }
}
const checkoutOf = (world: World, id: string) =>
  billingOf(world.server.state).checkouts.find(({ sessionId }) => sessionId === id)!

test('the plan is shown: of nothing bought where to buy, of a bought one when it renews', async () => {
  const world = await signedInWorld()
  const free = await world.run(['billing', 'plan'], { tty: true })
  expect(free.stdout).toBe('plan    free\nstatus  none\n')
  expect(free.stderr).toContain('snoop billing checkout --plan')
  const { stdout } = await (await subscribedWorld()).run(['billing', 'plan'], { tty: true })
  expect(stdout).toMatch(/paid for +starter, by the month\nseats +3\n/)
  expect(stdout).toMatch(/renews +in 30 days\n/)
})

test('a plan that was cancelled ends, does not renew', async () => {
  const world = await subscribedWorld()
  billingOf(world.server.state).subscription.cancelAtPeriodEnd = true
  expect((await world.run(['billing', 'plan'])).stdout).toContain('ends\t2090-07-01T12:00:00.000Z\n')
})

test('usage is a table of used and limit; as JSON it is as the API has it', async () => {
  const world = await signedInWorld()
  const table = await world.run(['billing', 'usage'], { tty: true })
  expect(table.stdout).toMatch(/seats +2 +3\nprojects +0 +none\n/)
  expect(JSON.parse((await world.run(['billing', 'usage', '--json'])).stdout)).toMatchObject({
    seats: { used: 2, limit: 3 },
    credits: { balance: 7 },
  })
})

test('a checkout prints the page; seats are one more than in use unless said otherwise', async () => {
  const world = await signedInWorld()
  const { code, stdout, stderr } = await world.run(['billing', 'checkout', '--plan', 'pro'])
  expect(stderr).toContain('For 3 seats;')
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^http:\/\/127\.0\.0\.1:4000\/sandbox\/checkout#cs_\S+\n$/),
  })
  expect(lastBody(world)).toMatchObject({ tierId: 'pro', interval: 'month', seatCount: 3 })
  await world.run([
    'billing',
    'checkout',
    '--plan',
    'pro',
    '--interval',
    'year',
    '--seats',
    '9',
    '--slot-packs',
    '0',
  ])
  expect(lastBody(world)).toMatchObject({ interval: 'year', seatCount: 9, slotPacks: 0 })
})

test('the plan of a checkout is asked for at a terminal, and needed elsewhere', async () => {
  const world = await signedInWorld()
  expect((await world.run(['billing', 'checkout'])).code).toBe(2)
  expect((await world.run(['billing', 'checkout'], { tty: true, answers: ['business'] })).code).toBe(0)
  expect(lastBody(world)).toMatchObject({ tierId: 'business' })
})

test.each([
  [['checkout', '--plan', 'free']],
  [['checkout', '--plan', 'pro', '--seats', '0']],
  [['checkout', '--plan', 'pro', '--seats', '1.5']],
  [['checkout', '--plan', 'pro', '--slot-packs', '-1']],
  [['credits']],
  [['credits', '--count', 'many']],
  [['update']],
  [['update', '--cancel', '--resume']],
  [['settings', 'set']],
  [['settings', 'show', '--city', 'Paris']],
  [['settings', 'change']],
])('%j makes no sense, and nothing is sent', async argv => {
  const world = await signedInWorld()
  const before = world.server.requests.length
  expect((await world.run(['billing', ...argv])).code).toBe(2)
  expect(world.server.requests.length).toBe(before)
})

test('--wait asks until it is paid, and tells how long it has taken so far', async () => {
  const world = await signedInWorld()
  settleAfter(world, 4, id => payCheckout(world.server.state, checkoutOf(world, id)))
  const { code, stdout, stderr } = await world.run(
    ['billing', 'checkout', '--plan', 'pro', '--seats', '5', '--wait'],
    { tty: true },
  )
  expect(code).toBe(0)
  expect(stdout).toContain('✓ Paid: plan pro, active, 5 seats.\n')
  expect(stderr).toContain('Waiting for the payment 0:06')
})

test('--wait --json prints the checkout, then its outcome, a line each', async () => {
  const world = await signedInWorld()
  settleAfter(world, 2, id => payCheckout(world.server.state, checkoutOf(world, id)))
  const { stdout, stderr } = await world.run(['billing', 'credits', '--count', '500', '--wait', '--json'])
  const [checkout, outcome] = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(checkout.url).toContain(checkout.sessionId)
  expect(outcome).toMatchObject({ sessionId: checkout.sessionId, status: 'complete' })
  expect(stderr).toBe('')
})

test('a checkout that ends unpaid is exit 6', async () => {
  const world = await signedInWorld()
  settleAfter(world, 2, id => {
    checkoutOf(world, id).status = 'expired'
  })
  const { code, stderr } = await world.run(['billing', 'checkout', '--plan', 'pro', '--wait'])
  expect(code).toBe(6)
  expect(stderr).toContain('snoop billing checkout')
})

test('a server that is away while a payment is waited for is asked again', async () => {
  const world = await signedInWorld()
  let count = 0
  world.server.interfere = ({ url, body }) => {
    if (!url.pathname.endsWith('/verify')) return undefined
    count++
    if (count === 4) payCheckout(world.server.state, checkoutOf(world, JSON.parse(body ?? '').sessionId))
    return count > 1 && count < 4 ? 'refused' : undefined
  }
  const { code, stderr } = await world.run(['billing', 'checkout', '--plan', 'pro', '--wait'])
  expect(code).toBe(0)
  expect(stderr.match(/Waiting for it\./g)?.length).toBe(1)
  expect(stderr).toContain('The server answers again.')
})

test('Ctrl-C stops the waiting without a complaint; the checkout stays open', async () => {
  const world = await signedInWorld()
  const stop = new AbortController()
  world.adapt = around => ({
    ...around,
    signal: stop.signal,
    sleep: async (_, signal) => {
      stop.abort(new CliError('Stopped.', { code: 'interrupted', exit: 130 }))
      signal.throwIfAborted()
    },
  })
  const { code, stderr } = await world.run(['billing', 'checkout', '--plan', 'pro', '--wait'])
  expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringMatching(/Pay on this page\.\n$/) })
  expect(billingOf(world.server.state).checkouts).toMatchObject([{ status: 'open' }])
})

test('--open gives the page to the browser; where there is none it says so', async () => {
  const world = await signedInWorld()
  const opened: string[] = []
  world.adapt = around => ({
    ...around,
    openInBrowser: async url => {
      opened.push(url)
      return true
    },
  })
  const { stdout } = await world.run(['billing', 'portal', '--open'])
  expect(opened).toEqual([stdout.trim()])
  await world.run(['billing', 'portal'])
  expect(opened.length).toBe(1)
  world.adapt = around => around
  const { code, stderr } = await world.run(['billing', 'portal', '--open'])
  expect(code).toBe(0)
  expect(stderr).toContain('open the address yourself')
})

test('an update says what changes and asks; what is so already is not sent', async () => {
  const world = await subscribedWorld()
  const argv = ['billing', 'update', '--plan', 'pro', '--seats', '3']
  const declined = await world.run(argv, { tty: true, answers: [false] })
  expect(declined).toMatchObject({ code: 1, asked: ['Change the subscription: plan starter → pro?'] })
  expect((await world.run(argv)).code).toBe(2)
  expect(billingOf(world.server.state).subscription.tierId).toBe('starter')
  expect((await world.run([...argv, '--yes'])).code).toBe(0)
  expect(billingOf(world.server.state).subscription.tierId).toBe('pro')
  const before = world.server.requests.length
  expect((await world.run(argv)).code).toBe(0)
  expect(world.server.requests.slice(before).every(({ method }) => method === 'GET')).toBe(true)
})

test('a plan is cancelled, and that is taken back', async () => {
  const world = await subscribedWorld()
  const { asked } = await world.run(['billing', 'update', '--cancel'], { tty: true, answers: [true] })
  expect(asked).toEqual(['Change the subscription: it ends on 2090-07-01?'])
  expect(lastBody(world)).toEqual({ cancelAtPeriodEnd: true })
  await world.run(['billing', 'update', '--resume', '--yes'])
  expect(lastBody(world)).toEqual({ cancelAtPeriodEnd: false })
})

test('without a subscription there is nothing to update: it says how to buy one', async () => {
  const world = await signedInWorld()
  const { code, stderr } = await world.run(['billing', 'update', '--seats', '4', '--yes'])
  expect(code).toBe(6)
  expect(stderr).toContain('snoop billing checkout --plan')
})

test('settings: what is named is set, an empty text clears, the rest stays', async () => {
  const world = await signedInWorld()
  await world.run([
    'billing',
    'settings',
    'set',
    '--company',
    'Acme SARL',
    '--country',
    'fr',
    '--city',
    'Paris',
  ])
  expect(lastBody(world)).toEqual({ companyName: 'Acme SARL', country: 'FR', city: 'Paris' })
  await world.run(['billing', 'settings', 'set', '--city', ''])
  expect(lastBody(world)).toEqual({ city: null })
  expect((await world.run(['billing', 'settings', 'show'])).stdout).toContain('company\tAcme SARL\n')
})

test('a key needs the scopes of what it does, no more', async () => {
  const world = await signedInWorld()
  const { secret } = addKey(world.server.state, { scopes: ['subscription:read'] })
  const env = { SNOOP_API_KEY: secret, SNOOP_ORG: '01ORGACME' }
  expect((await world.run(['billing', 'plan'], { env })).code).toBe(0)
  const { code, stderr } = await world.run(['billing', 'portal'], { env })
  expect(code).toBe(5)
  expect(stderr).toContain('subscription:write')
})

test('no more seats are bought than the plan has, nor fewer than are in use', async () => {
  const world = await signedInWorld()
  let used = 10
  world.server.interfere = ({ url }) =>
    url.pathname.endsWith('/usage') ? ok({ ...USAGE, seats: { used, limit: used } }) : undefined
  for (used of [10, 12]) {
    expect((await world.run(['billing', 'checkout', '--plan', 'starter'])).stderr).toContain(
      `For ${used} seats`,
    )
    expect(lastBody(world)).toMatchObject({ seatCount: used })
  }
})

const refusePages = (world: World, field?: string): void => {
  world.server.interfere = ({ url }) =>
    /checkout|portal/.test(url.pathname)
      ? refuse(409, 'CONFLICT', 'It does not go', field === undefined ? undefined : { field })
      : undefined
}

test('a plan that is bought twice, and a portal of nothing, name the command that does it', async () => {
  const world = await subscribedWorld()
  refusePages(world)
  const checkout = await world.run(['billing', 'checkout', '--plan', 'pro'])
  expect(checkout).toMatchObject({ code: 6, stderr: expect.stringContaining('snoop billing update') })
  const portal = await world.run(['billing', 'portal'])
  expect(portal).toMatchObject({ code: 6, stderr: expect.stringContaining('snoop billing checkout') })
})

test('too many seats of a first plan are chosen anew; there is nothing to update', async () => {
  const world = await signedInWorld()
  refusePages(world, 'seatCount')
  const { code, stderr } = await world.run(['billing', 'checkout', '--plan', 'starter', '--seats', '90'])
  expect({ code, stderr }).toEqual({ code: 6, stderr: '✗ It does not go\n  Choose another --seats.\n' })
})
