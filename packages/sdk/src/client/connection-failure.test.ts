import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { describeConnectionFailure, neverSent, readConnectionFailure } from './connection-failure'
import { socketError } from './testing/scripted-transport'

const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause })

describe('neverSent', () => {
  test.each(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT'])(
    'is certain of %s',
    code => {
      expect(neverSent(socketError(code))).toBe(true)
      expect(neverSent(fetchFailed(socketError(code)))).toBe(true)
    },
  )

  test.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ETIMEDOUT'])('is not certain of %s', code => {
    expect(neverSent(socketError(code))).toBe(false)
    expect(neverSent(fetchFailed(socketError(code)))).toBe(false)
  })

  test('is certain of several addresses only when it is of each', () => {
    const refused = socketError('ECONNREFUSED')
    expect(neverSent(new AggregateError([refused, socketError('ECONNREFUSED')]))).toBe(true)
    const mixed = Object.assign(new AggregateError([refused, socketError('ECONNRESET')]), {
      code: 'ECONNREFUSED',
    })
    expect(neverSent(fetchFailed(mixed))).toBe(false)
  })

  test.each([undefined, null, 'ECONNREFUSED', { code: 'ECONNREFUSED' }, new Error('x')])(
    'is not certain of %o',
    error => {
      expect(neverSent(error)).toBe(false)
    },
  )

  test('ends on errors that cause each other', () => {
    const first = new Error('a')
    first.cause = new Error('b', { cause: first })
    expect(neverSent(first)).toBe(false)
    expect(readConnectionFailure(first).cause.message).toBe('a')
  })
})

describe('readConnectionFailure', () => {
  test('finds the code wherever it is', () => {
    expect(readConnectionFailure(fetchFailed(socketError('ECONNRESET'))).code).toBe('ECONNRESET')
    expect(readConnectionFailure('oops')).toMatchObject({ code: undefined, cause: { message: 'oops' } })
  })

  test.each([
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('knows %s for a refused certificate', code => {
    expect(readConnectionFailure(fetchFailed(socketError(code))).certificateRefused).toBe(true)
  })

  test('keeps name, code and words of the causes, and nothing else that hangs on them', () => {
    const response = Object.assign(new Error('bad response'), {
      code: 'HPE_INVALID',
      data: 'secret',
      headers: ['secret'],
    })
    const { cause } = readConnectionFailure(Object.assign(fetchFailed(response), { request: 'secret' }))
    expect(inspect(cause, { depth: 9, showHidden: true })).not.toContain('secret')
    expect(cause).toMatchObject({
      name: 'TypeError',
      message: 'fetch failed',
      cause: { code: 'HPE_INVALID' },
    })
  })
})

test.each([
  ['ENOTFOUND', 'The name of https://a.example could not be resolved (ENOTFOUND)'],
  ['ECONNREFUSED', 'Nothing answers at https://a.example (ECONNREFUSED)'],
  ['UND_ERR_CONNECT_TIMEOUT', 'https://a.example did not accept a connection in time'],
  ['ECONNRESET', 'The connection to https://a.example failed (ECONNRESET)'],
  [
    'CERT_HAS_EXPIRED',
    'The certificate of https://a.example is not trusted (CERT_HAS_EXPIRED). Node trusts further ones from NODE_EXTRA_CA_CERTS',
  ],
])('%s reads: %s', (code, sentence) => {
  expect(describeConnectionFailure('https://a.example', readConnectionFailure(socketError(code)))).toBe(
    sentence,
  )
})

test('a failure without a code has words too', () => {
  const failure = readConnectionFailure(new Error('?'))
  expect(describeConnectionFailure('https://a.example', failure)).toBe(
    'The connection to https://a.example failed',
  )
})
