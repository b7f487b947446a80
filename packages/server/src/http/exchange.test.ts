import { describe, expect, it } from 'vitest'
import { Exchange } from './exchange'

const exchangeWith = (header: string | string[] | undefined) =>
  new Exchange(
    {
      method: 'POST',
      target: '/',
      headers: header === undefined ? {} : { 'idempotency-key': header },
      remoteAddress: '127.0.0.1',
      isEncrypted: false,
      readBody: async () => '',
    },
    { address: '127.0.0.1', isSecure: false, isLoopback: true },
  )

describe('the Idempotency-Key of a request', () => {
  it.each(['1', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', '!~', 'k'.repeat(255)])('can be %s', key => {
    expect(exchangeWith(key).idempotencyKey).toBe(key)
  })

  it('can be left out', () => {
    expect(exchangeWith(undefined).idempotencyKey).toBeUndefined()
  })

  it.each([
    ['empty', ''],
    ['too long', 'k'.repeat(256)],
    ['with a space', 'a b'],
    ['sent twice', 'a, b'],
    ['sent twice, as a list', ['a', 'b']],
    ['with a control character', 'a\tb'],
    ['not ASCII', 'schlüssel'],
  ])('is refused if it is %s, and the header is named', (_name, key) => {
    expect(() => exchangeWith(key).idempotencyKey).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_ERROR',
        message: 'Validation failed for the header Idempotency-Key',
        detail: { fields: [expect.objectContaining({ field: 'Idempotency-Key', location: 'headers' })] },
      }),
    )
  })
})
