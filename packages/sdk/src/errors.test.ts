import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  isSnoopError,
  SnoopAbortError,
  SnoopApiError,
  SnoopConnectionError,
  SnoopError,
  SnoopTimeoutError,
} from './errors'

const api = new SnoopApiError({
  status: 403,
  code: 'API_KEY_MISSING_SCOPES',
  message: 'No',
  meta: { missing: ['user:read'] },
  requestId: 'req_1',
})
const connection = new SnoopConnectionError('Nothing answers', {
  sent: false,
  code: 'ECONNREFUSED',
  cause: new Error('c'),
})
const timeout = new SnoopTimeoutError('total', 60_000)
const abort = new SnoopAbortError('closed')

const classes = { SnoopApiError, SnoopConnectionError, SnoopTimeoutError, SnoopAbortError }

describe.each([
  ['SnoopApiError', api],
  ['SnoopConnectionError', connection],
  ['SnoopTimeoutError', timeout],
  ['SnoopAbortError', abort],
] as const)('%s', (name, error) => {
  test('is an Error of the SDK with its name', () => {
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(SnoopError)
    expect(isSnoopError(error)).toBe(true)
    expect(error.name).toBe(name)
    expect(String(error)).toBe(`${name}: ${error.message}`)
  })

  test('is told apart from the others', () => {
    const recognised = Object.entries(classes).filter(([, each]) => each.is(error))
    expect(recognised.map(([each]) => each)).toEqual([name])
  })

  test('is recognised when another copy of the SDK made it', () => {
    const copy = new Error(error.message)
    for (const symbol of Object.getOwnPropertySymbols(error)) {
      Object.defineProperty(copy, symbol, { value: Reflect.get(error, symbol) })
    }
    expect(copy).not.toBeInstanceOf(SnoopError)
    expect(SnoopError.is(copy)).toBe(true)
    expect(classes[name].is(copy)).toBe(true)
  })
})

test.each([undefined, null, 'SnoopError', {}, { kind: 'api' }, new Error('x')])(
  '%o is no error of the SDK',
  value => {
    expect(isSnoopError(value)).toBe(false)
  },
)

test('as JSON, an error has its facts, without stack and cause', () => {
  expect(JSON.parse(JSON.stringify(api))).toEqual({
    name: 'SnoopApiError',
    kind: 'api',
    message: 'No',
    status: 403,
    code: 'API_KEY_MISSING_SCOPES',
    meta: { missing: ['user:read'] },
    requestId: 'req_1',
    errors: [],
  })
  expect(JSON.parse(JSON.stringify(connection))).toEqual({
    name: 'SnoopConnectionError',
    kind: 'connection',
    message: 'Nothing answers',
    sent: false,
    code: 'ECONNREFUSED',
  })
})

test('printed, an error shows code, status and request id', () => {
  for (const fact of [
    'SnoopApiError: No',
    "code: 'API_KEY_MISSING_SCOPES'",
    'status: 403',
    "requestId: 'req_1'",
  ]) {
    expect(inspect(api)).toContain(fact)
  }
})

test('a time-out says which time was up', () => {
  expect(timeout.message).toBe('The call and its retries did not end within 60000 ms')
  expect(new SnoopTimeoutError('attempt', 5).message).toBe('The server did not answer within 5 ms')
})
