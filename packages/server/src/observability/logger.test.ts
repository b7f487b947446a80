import { describe, expect, it } from 'vitest'
import type { LogLevel } from '../config/config'
import { logRequest } from './log-request'
import { createLogger } from './logger'

const recorder = (level: LogLevel = 'trace') => {
  const lines: string[] = []
  const logger = createLogger({ level, stream: { write: line => lines.push(line) } })
  return { logger, lines, parsed: () => lines.map(line => JSON.parse(line)) }
}

const SECRET = 'hunter2-do-not-log'
const API_KEY = `ba_${'aB3'.repeat(15)}x`

describe('a log line', () => {
  it('is one line of JSON with level, time, message and fields', () => {
    const { logger, lines, parsed } = recorder()
    logger.info({ event: 'start', port: 4000, note: 'a\nb' }, 'listening')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^[^\n]*\n$/)
    expect(parsed()[0]).toMatchObject({
      level: 'info',
      msg: 'listening',
      event: 'start',
      port: 4000,
      note: 'a\nb',
    })
    expect(new Date(parsed()[0].time).toISOString()).toBe(parsed()[0].time)
  })

  it('below the level is not written, and its fields are not even read', () => {
    const { logger, lines } = recorder('info')
    let reads = 0
    logger.debug(
      {
        get costly() {
          reads++
          return 1
        },
      },
      'x',
    )
    expect([lines.length, reads]).toEqual([0, 0])
  })
})

describe('a secret never reaches the log', () => {
  it.each([
    'authorization',
    'Authorization',
    'Proxy-Authorization',
    'cookie',
    'Cookie',
    'set-cookie',
    'x-api-key',
    'X-Api-Key',
    'apiKey',
    'password',
    'newPassword',
    'password_hash',
    'token',
    'accessToken',
    'tokens',
    'key',
    'keyHash',
    'secret',
    'client_secret',
    'instanceSecret',
    'smtpUrl',
    'sealed_mail',
  ])('in a field named %s, at any depth', name => {
    const { logger, lines } = recorder()
    logger.info({ [name]: SECRET, inner: { list: [{ headers: { [name]: [SECRET] } }] } }, 'x')
    logger.info({ [name]: SECRET, inner: { [name]: { a: SECRET } } }, 'x')
    expect(lines.join('')).not.toContain(SECRET)
    expect(lines.join('')).toContain('[censored]')
  })

  it.each([
    `postgres://snoop:${SECRET}@localhost/snoop`,
    `Bearer ${SECRET}`,
    `basic ${SECRET}`,
    `GET /verify-email?token=${SECRET}&x=1`,
    `/callback?a=1&code=${SECRET}`,
  ])('in a text such as %j', text => {
    const { logger, lines } = recorder()
    logger.info({ note: text, list: [text], map: new Map([['a', text]]), url: { toJSON: () => text } }, text)
    expect(lines.join('')).not.toContain(SECRET)
  })

  it('as an API key, wherever it stands', () => {
    const { logger, lines } = recorder()
    logger.info({ note: `the key ${API_KEY} was used`, list: [API_KEY] }, API_KEY)
    expect(lines.join('')).not.toContain(API_KEY)
  })

  it('as bytes', () => {
    const { logger, lines } = recorder()
    logger.info(
      { a: Buffer.from(SECRET), b: new TextEncoder().encode(SECRET), c: { d: new ArrayBuffer(4) } },
      'x',
    )
    expect(lines.join('')).not.toContain('"0":')
    expect(lines.join('')).toContain('[binary]')
  })

  it('in an error, its causes, its parts or what a library hung onto it', () => {
    const { logger, lines, parsed } = recorder()
    const cause = Object.assign(new Error(`connect smtp://u:${SECRET}@mail failed`), {
      code: 'EAUTH',
      command: `AUTH ${SECRET}`,
      parameters: [SECRET],
    })
    const err = new AggregateError([cause], 'Sign-up failed', { cause })
    logger.error({ err, list: [err] }, 'x')
    expect(lines.join('')).not.toContain(SECRET)
    expect(parsed()[0].err).toMatchObject({
      type: 'AggregateError',
      message: 'Sign-up failed',
      cause: { type: 'Error', code: 'EAUTH', message: 'connect smtp://[censored]@mail failed' },
      errors: [{ code: 'EAUTH' }],
    })
    expect(parsed()[0].err.stack).toContain('logger.test')
  })
})

describe('an unusual field', () => {
  it('that refers to itself or is huge is cut, not fatal', () => {
    const { logger, parsed } = recorder()
    const circle: Record<string, unknown> = {}
    circle.self = circle
    logger.info({ circle, long: 'x'.repeat(100_000), big: 10n, none: null, gone: undefined }, 'x')
    expect(parsed()[0]).toMatchObject({ big: '10', none: null })
    expect(parsed()[0].long).toHaveLength(8192)
    expect(JSON.stringify(parsed()[0].circle)).toContain('[too deep]')
  })
})

describe('what helps to find a fault', () => {
  it('stays: ids, names of keys, counts', () => {
    const { logger, parsed } = recorder()
    const fields = {
      keyId: 'ak_1',
      credentialId: 'ak_1',
      userId: 'u',
      status: 401,
      keyPrefix: 'ba_',
      route: '/api/:id',
    }
    logger.info(fields, 'x')
    expect(parsed()[0]).toMatchObject(fields)
  })
})

describe('an answered request', () => {
  const line = { requestId: 'r', method: 'GET', route: '/api/user/me', durationMs: 1.5 }

  it('is logged at debug, and at warn if the server failed', () => {
    const { logger, parsed } = recorder()
    logRequest(logger, { event: 'request', ...line, status: 200, userId: 'u', credentialId: 'ak_1' })
    logRequest(logger, { event: 'request', ...line, status: 401 })
    logRequest(logger, { event: 'request', ...line, status: 503 })
    expect(parsed().map(entry => [entry.level, entry.status, entry.route])).toEqual([
      ['debug', 200, '/api/user/me'],
      ['debug', 401, '/api/user/me'],
      ['warn', 503, '/api/user/me'],
    ])
    expect(parsed()[0]).toMatchObject({ event: 'request', userId: 'u', credentialId: 'ak_1' })
  })
})
