import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DomainError } from '../domain-error'
import { createStripeProvider } from './stripe-provider'
import { type FakeStripe, startFakeStripe } from './testing/fake-stripe'

const NO_DETAILS = {
  email: null,
  companyName: null,
  taxId: null,
  addressLine1: null,
  addressLine2: null,
  postalCode: null,
  city: null,
  country: null,
}
const DETAILS = {
  ...NO_DETAILS,
  email: 'bills@example.com',
  companyName: 'Engines Ltd',
  taxId: 'GB123',
  city: 'London',
  country: 'GB',
}

describe('Stripe', () => {
  let stripe: FakeStripe
  beforeAll(async () => {
    stripe = await startFakeStripe()
  })
  afterAll(() => stripe.stop())
  beforeEach(() => {
    stripe.intercept = () => false
  })
  const silent = () => {}
  const logger = { debug: silent, info: silent, warn: silent, error: silent }
  const connect = (change: object = {}, timeoutMs?: number) =>
    createStripeProvider({ ...stripe.config, ...change }, logger, timeoutMs)
  const failureOf = (provider = connect()): Promise<DomainError> =>
    provider.createCustomer('org', NO_DETAILS).then(
      () => Promise.reject(new Error('it did not fail')),
      error => error,
    )
  const answer = (status: number, error: object) => {
    stripe.intercept = (_request, response) => {
      const headers = { 'stripe-should-retry': 'false', 'content-type': 'application/json' }
      response.writeHead(status, headers).end(JSON.stringify({ error }))
      return true
    }
  }

  it('that fails is a service that is away; why is for the log, and the key is for nobody', async () => {
    const wrongKey = 'sk_test_wrongKeyWrongKey'
    const refused = await failureOf(connect({ secretKey: wrongKey }))
    expect(refused).toMatchObject({ code: 'SERVICE_UNAVAILABLE', detail: { retryAfterSeconds: 5 } })
    expect(refused.message).not.toContain('Key')
    expect(String(refused.cause)).toContain('Invalid API Key provided: Bearer ***')
    expect(JSON.stringify(refused.cause) + String((refused.cause as Error).stack)).not.toContain(wrongKey)
    expect(Object.keys(refused.cause as object)).toEqual([])

    const long = `sk_test_${'a'.repeat(100)}… whsec_secret/+= ${'x'.repeat(5000)}`
    answer(400, {
      type: 'invalid_request_error',
      message: long,
      param: 'line_items',
      code: 'resource_missing',
    })
    const failed = await failureOf()
    expect(String(failed.cause)).toMatch(/resource_missing 400 line_items/)
    expect(String(failed.cause)).not.toMatch(/aaaa|secret/)
    expect(String(failed.cause).length).toBeLessThan(520)
  })

  it('that breaks off, answers nonsense or nothing at all is away', async () => {
    stripe.intercept = (request, response) => {
      response.destroy()
      return request.destroyed
    }
    expect(await failureOf()).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    stripe.intercept = (_request, response) => {
      response.writeHead(200).end('<html>')
      return true
    }
    expect(await failureOf()).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    stripe.intercept = () => true
    const silentFailure = await failureOf(connect({}, 50))
    expect(silentFailure).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    expect(String(silentFailure.cause)).toContain('timeout being reached (50ms)')
  })

  it('that does not take the money is a conflict', async () => {
    answer(402, { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' })
    expect(await failureOf()).toMatchObject({ code: 'CONFLICT' })
  })

  it('is told what invoices are made out to, and what is empty now', async () => {
    const provider = connect()
    const customerId = await provider.createCustomer('org_told', DETAILS)
    expect(stripe.customers.get(customerId ?? '')).toEqual({
      email: 'bills@example.com',
      name: 'Engines Ltd',
      address: { city: 'London', country: 'GB' },
      invoice_settings: { custom_fields: [{ name: 'Tax ID', value: 'GB123' }] },
      metadata: { organizationId: 'org_told' },
    })
    expect(await provider.createCustomer('org_told', DETAILS)).toBe(customerId)
    await provider.updateCustomer(customerId ?? '', NO_DETAILS)
    expect(stripe.customers.get(customerId ?? '')).toMatchObject({
      email: '',
      name: '',
      address: '',
      invoice_settings: { custom_fields: '' },
    })
    expect(await provider.createCustomer('org_empty', NO_DETAILS)).not.toBe(customerId)
    expect(stripe.writes.at(-1)?.body).toEqual({ metadata: { organizationId: 'org_empty' } })
  })
})
