import { RATE_LIMIT_GROUPS } from '@snoop/sdk/contract'
import { describe, expect, it } from 'vitest'
import { file, read } from './testing/read-given-config'

describe('without any setting', () => {
  it('the server listens on this machine alone, with the limits of the contract', () => {
    expect(read()).toEqual({
      host: '127.0.0.1',
      port: 4000,
      origin: undefined,
      dataDir: '/srv/snoop/snoop-data',
      secretFile: '/srv/snoop/snoop-data/instance-secret',
      database: { engine: 'sqlite', file: '/srv/snoop/snoop-data/snoop.db' },
      trustedOrigins: [],
      trustedProxies: [],
      tls: undefined,
      smtpUrl: undefined,
      mailFrom: 'Snoop <no-reply@localhost>',
      mode: 'production',
      logLevel: 'info',
      rateLimits: {
        global: { max: 500, windowMs: 900_000 },
        signIn: { max: 5, windowMs: 60_000 },
        signUp: { max: 3, windowMs: 60_000 },
        twoFactor: { max: 5, windowMs: 60_000 },
        passkey: { max: 10, windowMs: 60_000 },
        magicLink: { max: 5, windowMs: 3_600_000 },
        verificationMail: { max: 5, windowMs: 3_600_000 },
        passwordReset: { max: 5, windowMs: 3_600_000 },
        snipy: { max: 60, windowMs: 60_000 },
        snipyToken: { max: 5, windowMs: 60_000 },
        snipyUrlCreate: { max: 20, windowMs: 60_000 },
        snipyQrDownload: { max: 20, windowMs: 60_000 },
        snaapiToken: { max: 5, windowMs: 60_000 },
      },
      keyRateLimit: { max: 200, windowMs: 60_000 },
      keyPrefix: 'ba_',
      maxKeysPerAccount: 10,
      defaultPlan: 'free',
      auditRetentionDays: null,
      passwordHashConcurrency: expect.any(Number),
      passwordHashQueue: 64,
      databasePoolSize: 10,
      shutdownGraceSeconds: 10,
      socialProviders: {},
      surfaces: ['native', 'snipy', 'snaptrack', 'snaapi'],
      chromium: undefined,
      screenshotAllow: [],
      resources: undefined,
    })
    expect(Object.keys(read().rateLimits)).toEqual([...RATE_LIMIT_GROUPS])
  })
})

describe('precedence', () => {
  const files = { '/etc/snoop.json': JSON.stringify({ port: 1, host: 'localhost', logLevel: 'warn' }) }

  it('a flag wins over the environment, that over the file, that over the default', () => {
    const config = read({
      argv: ['--config', '/etc/snoop.json', '--port', '3'],
      env: { SNOOP_PORT: '2', SNOOP_HOST: '127.0.0.2' },
      files,
    })
    expect(config).toMatchObject({ port: 3, host: '127.0.0.2', logLevel: 'warn', keyPrefix: 'ba_' })
  })

  it('SNOOP_CONFIG names the file too, and --config wins over it', () => {
    expect(read({ env: { SNOOP_CONFIG: '/etc/snoop.json' }, files }).logLevel).toBe('warn')
    expect(
      read({ argv: ['--config=/etc/snoop.json'], env: { SNOOP_CONFIG: '/nowhere' }, files }).logLevel,
    ).toBe('warn')
  })

  it('a wrong value of a weaker source does not matter once a stronger one speaks', () => {
    expect(read({ argv: ['--port', '3'], env: { SNOOP_PORT: 'abc' } }).port).toBe(3)
  })

  it('an empty variable counts as not set', () => {
    expect(read({ env: { SNOOP_PORT: '', SNOOP_SMTP_URL: ' ' } })).toMatchObject({
      port: 4000,
      smtpUrl: undefined,
    })
  })

  it('the last of several flags wins', () => {
    expect(read({ argv: ['--port', '1', '--port=2'] }).port).toBe(2)
  })

  it('rate limits add up by group over all sources', () => {
    const { rateLimits } = read({
      ...file({ rateLimits: { global: '9/1d', signUp: 'off' } }),
      argv: ['--config', 'snoop.json', '--rate-limit', 'signIn=off', '--rate-limit', 'global=1/1s'],
      env: { SNOOP_RATE_LIMITS: 'global=7/1h, verificationMail=2/15m' },
    })
    expect(rateLimits).toMatchObject({
      global: { max: 1, windowMs: 1000 },
      signIn: null,
      signUp: null,
      verificationMail: { max: 2, windowMs: 900_000 },
    })
  })
})

describe('values', () => {
  it.each<[string[], Record<string, unknown>]>([
    [['--port', '0'], { port: 0 }],
    [['--host', '::1'], { host: '::1' }],
    [['--host', 'localhost'], { host: 'localhost' }],
    [['--origin', 'https://Auth.Example.com:443/'], { origin: 'https://auth.example.com' }],
    [['--origin', 'http://localhost:4000'], { origin: 'http://localhost:4000' }],
    [['--origin', 'http://[::1]:4000'], { origin: 'http://[::1]:4000' }],
    [['--data-dir', 'data'], { dataDir: '/srv/snoop/data' }],
    [['--data-dir', '/d'], { database: { engine: 'sqlite', file: '/d/snoop.db' } }],
    [['--database', 'sqlite:///d/x.db'], { database: { engine: 'sqlite', file: '/d/x.db' } }],
    [['--database', 'sqlite::memory:'], { database: { engine: 'sqlite', file: ':memory:' } }],
    [['--database', 'sqlite:x.db'], { database: { engine: 'sqlite', file: '/srv/snoop/x.db' } }],
    [
      ['--database', 'postgres://snoop@db/s'],
      { database: { engine: 'postgres', url: 'postgres://snoop@db/s' } },
    ],
    [
      ['--tls-cert', 'c.pem', '--tls-key', '/k.pem'],
      { tls: { certFile: '/srv/snoop/c.pem', keyFile: '/k.pem' } },
    ],
    [
      ['--trusted-origin', 'https://a.example', '--trusted-origin', 'https://b.example'],
      { trustedOrigins: ['https://a.example', 'https://b.example'] },
    ],
    [['--trusted-proxy', '10.0.0.0/8,::1'], { trustedProxies: ['10.0.0.0/8', '::1'] }],
    [['--smtp-url', 'smtp://mail:25'], { smtpUrl: 'smtp://mail:25' }],
    [['--mail-from', 'a@b.example'], { mailFrom: 'a@b.example' }],
    [['--dev'], { mode: 'development' }],
    [['--mode', 'development'], { mode: 'development' }],
    [['--log-level', 'silent'], { logLevel: 'silent' }],
    [['--key-rate-limit', 'off'], { keyRateLimit: null }],
    [['--key-rate-limit', '10/2h'], { keyRateLimit: { max: 10, windowMs: 7_200_000 } }],
    [['--key-prefix', 'acme_'], { keyPrefix: 'acme_' }],
    [['--max-keys-per-account', '25'], { maxKeysPerAccount: 25 }],
    [['--password-hash-queue', '0'], { passwordHashQueue: 0 }],
  ])('%j is understood', (argv, expected) => {
    expect(read({ argv })).toMatchObject(expected)
  })

  it('requests a minute are said by SNAAPI_RATE_LIMIT_PER_MIN too', () => {
    const env = { SNAAPI_RATE_LIMIT_PER_MIN: '300' }
    const perMinute = (max: number) => ({ keyRateLimit: { max, windowMs: 60_000 } })
    expect(read({ env })).toMatchObject(perMinute(300))
    expect(read({ env: { ...env, SNOOP_KEY_RATE_LIMIT: '7/1m' } })).toMatchObject(perMinute(7))
    expect(read({ env, argv: ['--key-rate-limit', '8/1m'] })).toMatchObject(perMinute(8))
    expect(read({ env: { SNAAPI_RATE_LIMIT_PER_MIN: ' ' } })).toMatchObject(perMinute(200))
    // A wrong one does not matter where another speaks.
    expect(read({ env: { SNAAPI_RATE_LIMIT_PER_MIN: 'many', SNOOP_KEY_RATE_LIMIT: '9/1m' } })).toMatchObject(
      perMinute(9),
    )
  })

  it('the file takes JSON numbers and lists as well as text', () => {
    expect(
      read(file({ port: 5000, maxKeysPerAccount: '3', trustedProxies: ['10.0.0.1', '10.1.0.0/16'] })),
    ).toMatchObject({ port: 5000, maxKeysPerAccount: 3, trustedProxies: ['10.0.0.1', '10.1.0.0/16'] })
  })
})
