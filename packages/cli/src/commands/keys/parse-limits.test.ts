import { expect, test } from 'vitest'
import { CliError } from '../../cli-error'
import { parseLimits } from './parse-limits'

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
  ['off', 'off', { rateLimitEnabled: false, refillAmount: null, refillInterval: null }],
  [undefined, undefined, {}],
])('--rate %s --refill %s', (rate, refill, input) => {
  expect(parseLimits(rate, refill)).toEqual(input)
})

test.each(['100', '/1m', '0/1m', '1.5/1m', '100/m', '-1/1m', 'a/1m'])('%j is no rate', text => {
  expect(() => parseLimits(text, undefined)).toThrow(CliError)
  expect(() => parseLimits(undefined, text)).toThrow(CliError)
})
