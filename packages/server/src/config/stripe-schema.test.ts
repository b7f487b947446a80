import { describe, expect, it } from 'vitest'
import { SETTINGS } from './settings'
import { stripeSchema } from './stripe-schema'

const price = (name: string) => ({ month: `price_${name}1`, year: `price_${name}2` })
const account = {
  secretKey: 'sk_live_hunter2',
  webhookSecret: 'whsec_hunter2',
  prices: {
    starter: price('a'),
    pro: price('b'),
    business: price('c'),
    slotPack: price('d'),
    credit: 'price_e',
  },
}
const { prices } = account
const problemOf = (given: unknown): string => {
  const parsed = stripeSchema.safeParse(given)
  return parsed.success ? 'none' : (parsed.error.issues[0]?.message ?? '')
}

describe('the setting stripe', () => {
  it('is an account and its prices, as JSON or its text', () => {
    expect(stripeSchema.parse(account)).toEqual(account)
    expect(stripeSchema.parse(JSON.stringify(account))).toEqual(account)
    expect(stripeSchema.safeParse(SETTINGS.stripe.example).success).toBe(true)
    expect(problemOf({ ...account, secretKey: 'rk_test_restricted' })).toBe('none')
  })

  it.each<[string, unknown, string]>([
    ['no JSON', '{"secretKey": hunter2}', 'a JSON object with "secretKey", "webhookSecret" and "prices"'],
    ['a list', [account], 'a JSON object with'],
    ['nothing in it', {}, '"secretKey" is a secret key, sk_… or rk_…'],
    ['a public key', { ...account, secretKey: 'pk_live_hunter2' }, '"secretKey" is a secret key'],
    ['a key with a line break', { ...account, secretKey: 'sk_live_hunter2\n' }, '"secretKey" is a'],
    ['no secret of the webhook', { ...account, webhookSecret: 'hunter2' }, '"webhookSecret" is the signing'],
    ['prices as text', { ...account, prices: 'hunter2' }, '"prices" is an object'],
    ['a plan without prices', { ...account, prices: { ...prices, pro: undefined } }, '"prices.pro" is an'],
    [
      'a plan without a yearly price',
      { ...account, prices: { ...prices, pro: { month: 'price_x' } } },
      '"prices.pro.year" is the id of a price, price_…',
    ],
    ['an amount as a price', { ...account, prices: { ...prices, credit: 1 } }, '"prices.credit" is the id'],
    [
      'one price for two things',
      { ...account, prices: { ...prices, credit: 'price_a2' } },
      '"prices.credit" and "prices.starter.year" are different prices',
    ],
    ['an unknown field', { ...account, secretkey: 'hunter2' }, 'no "secretkey" (did you mean secretKey?)'],
    [
      'an unknown plan',
      { ...account, prices: { ...prices, bussiness: price('x') } },
      '"prices" has no "bussiness" (did you mean business?)',
    ],
    [
      'an unknown interval',
      { ...account, prices: { ...prices, pro: { ...prices.pro, monthly: 'price_x' } } },
      '"prices.pro" has no "monthly" (did you mean month?)',
    ],
    ['the address of a fake', { ...account, apiUrl: 'http://hunter2.example' }, 'no "apiUrl"'],
  ])('with %s is refused: where, what, and nothing of the value', (_what, given, problem) => {
    expect(problemOf(given)).toContain(problem)
    expect(problemOf(given)).not.toContain('hunter2')
  })

  it('tells every mistake at once', () => {
    const problem = problemOf({ ...account, secretKey: 1, webhookSecret: 2 })
    expect(problem).toContain('"secretKey" is a')
    expect(problem).toContain('"webhookSecret" is the')
  })
})
