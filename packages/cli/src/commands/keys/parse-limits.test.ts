import { expect, test } from 'vitest'
import { CliError } from '../../cli-error'
import { parseLimits } from './parse-limits'

const limits = (rateLimitMax: number, rateLimitTimeWindow: number) => ({
  rateLimitEnabled: true,
  rateLimitMax,
  rateLimitTimeWindow,
})

test.each([
  ['100/1m', undefined, { rateLimitEnabled: true, rateLimitMax: 100, rateLimitTimeWindow: 60_000 }],
  [
    '100/1m',
    '10/10s',
    {
      rateLimitEnabled: true,
      rateLimitMax: 100,
      rateLimitTimeWindow: 60_000,
      refillAmount: 10,
      refillInterval: 10_000,
    },
  ],
  ['5/h', '1/m', { ...limits(5, 3600_000), refillAmount: 1, refillInterval: 60_000 }],
  [undefined, '10/10s', { rateLimitEnabled: true, refillAmount: 10, refillInterval: 10_000 }],
  ['off', 'off', { rateLimitEnabled: false, refillAmount: null, refillInterval: null }],
  [undefined, undefined, {}],
])('--rate %s --refill %s', (rate, refill, input) => {
  expect(parseLimits(rate, refill)).toEqual(input)
})

test.each(['100', '/1m', '0/1m', '1.5/1m', '100/', '-1/1m', 'a/1m', '10000001/1m', '1/0s', '1/366d'])(
  '%j is no rate',
  text => {
    expect(() => parseLimits(text, undefined)).toThrow(CliError)
    expect(() => parseLimits(undefined, text)).toThrow(CliError)
  },
)

test('a limit that is off and comes back by and by makes no sense', () => {
  expect(() => parseLimits('off', '10/10s')).toThrow(CliError)
})
