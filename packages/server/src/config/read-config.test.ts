import { RATE_LIMIT_GROUPS } from '@snoop/sdk/contract'
import { describe, expect, it } from 'vitest'
import { ConfigError } from './config-error'
import { readConfig } from './read-config'

interface Given {
  argv?: string[]
  env?: Record<string, string | undefined>
  files?: Record<string, string>
}

const read = ({ argv = [], env = {}, files = {} }: Given = {}) =>
  readConfig({
    argv,
    env,
    cwd: '/srv/snoop',
    readFile: path => {
      const text = files[path]
      if (text === undefined) throw Object.assign(new Error(`ENOENT ${path}`), { code: 'ENOENT' })
      return text
    },
  })

const problemsOf = (given: Given): readonly string[] => {
  try {
    read(given)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const file = (settings: unknown): Given => ({
  argv: ['--config', 'snoop.json'],
  files: { '/srv/snoop/snoop.json': JSON.stringify(settings) },
})

describe('without any setting', () => {
  it('the server listens on this machine alone, with the limits of the contract', () => {
    expect(read()).toEqual({
      host: '127.0.0.1',
      port: 4000,
      origin: undefined,
      dataDir: '/srv/snoop/snoop-data',
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
        verificationMail: { max: 5, windowMs: 3_600_000 },
      },
      keyRateLimit: { max: 200, windowMs: 60_000 },
      keyPrefix: 'ba_',
      maxKeysPerAccount: 10,
      passwordHashConcurrency: expect.any(Number),
      passwordHashQueue: 64,
      databasePoolSize: 10,
      shutdownGraceSeconds: 10,
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
    expect(rateLimits).toEqual({
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

  it('the file takes JSON numbers and lists as well as text', () => {
    expect(
      read(file({ port: 5000, maxKeysPerAccount: '3', trustedProxies: ['10.0.0.1', '10.1.0.0/16'] })),
    ).toMatchObject({ port: 5000, maxKeysPerAccount: 3, trustedProxies: ['10.0.0.1', '10.1.0.0/16'] })
  })
})

describe('a wrong value', () => {
  it.each([
    ['SNOOP_HOST', 'a b', 'host', 'an IP address or a host name'],
    ['SNOOP_HOST', '[::1]', 'host', 'an IP address or a host name'],
    ['SNOOP_PORT', 'abc', 'port', 'a whole number from 0 to 65535'],
    ['SNOOP_PORT', '65536', 'port', 'a whole number from 0 to 65535'],
    ['SNOOP_PORT', '4e3', 'port', 'a whole number from 0 to 65535'],
    ['SNOOP_ORIGIN', 'http://auth.example.com', 'origin', 'https://HOST[:PORT] without a path'],
    ['SNOOP_ORIGIN', 'https://auth.example.com/login', 'origin', 'https://HOST[:PORT] without a path'],
    ['SNOOP_ORIGIN', 'https://auth.example.com?x', 'origin', 'https://HOST[:PORT] without a path'],
    ['SNOOP_ORIGIN', 'ftp://auth.example.com', 'origin', 'https://HOST[:PORT] without a path'],
    ['SNOOP_ORIGIN', 'auth.example.com', 'origin', 'https://HOST[:PORT] without a path'],
    ['SNOOP_TRUSTED_ORIGINS', 'https://a.example,*', 'trustedOrigins', 'a list of origins'],
    ['SNOOP_TRUSTED_PROXIES', '10.0.0.0/33', 'trustedProxies', 'a list of IP addresses or CIDR ranges'],
    ['SNOOP_TRUSTED_PROXIES', 'proxy.local', 'trustedProxies', 'a list of IP addresses or CIDR ranges'],
    ['SNOOP_TRUSTED_PROXIES', '::/x', 'trustedProxies', 'a list of IP addresses or CIDR ranges'],
    ['SNOOP_MAIL_FROM', 'nobody', 'mailFrom', 'ADDRESS or NAME <ADDRESS>'],
    ['SNOOP_MAIL_FROM', 'A <a@b>, C <c@d>', 'mailFrom', 'ADDRESS or NAME <ADDRESS>'],
    ['SNOOP_MAIL_FROM', 'A\r\nBcc: x@y <a@b>', 'mailFrom', 'ADDRESS or NAME <ADDRESS>'],
    ['SNOOP_MODE', 'test', 'mode', 'one of development, production'],
    ['SNOOP_LOG_LEVEL', 'loud', 'logLevel', 'one of trace, debug'],
    [
      'SNOOP_RATE_LIMITS',
      'signin=5/60s',
      'rateLimits',
      'a list of GROUP=LIMIT, where GROUP is one of global',
    ],
    ['SNOOP_RATE_LIMITS', 'global=0/60s', 'rateLimits', 'a list of GROUP=LIMIT'],
    ['SNOOP_RATE_LIMITS', 'global', 'rateLimits', 'a list of GROUP=LIMIT'],
    ['SNOOP_KEY_RATE_LIMIT', '200', 'keyRateLimit', 'MAX/WINDOW'],
    ['SNOOP_KEY_RATE_LIMIT', '200/0s', 'keyRateLimit', 'MAX/WINDOW'],
    ['SNOOP_KEY_PREFIX', 'BA_', 'keyPrefix', '2 to 8 lower-case letters and _'],
    ['SNOOP_KEY_PREFIX', 'b_', 'keyPrefix', '2 to 8 lower-case letters and _'],
    ['SNOOP_MAX_KEYS_PER_ACCOUNT', '0', 'maxKeysPerAccount', 'a whole number from 1'],
    ['SNOOP_PASSWORD_HASH_CONCURRENCY', '0', 'passwordHashConcurrency', 'a whole number from 1'],
    ['SNOOP_PASSWORD_HASH_QUEUE', '-1', 'passwordHashQueue', 'a whole number from 0'],
    ['SNOOP_DATABASE_POOL_SIZE', '0', 'databasePoolSize', 'a whole number from 1'],
    ['SNOOP_SHUTDOWN_GRACE_SECONDS', '1.5', 'shutdownGraceSeconds', 'a whole number from 0'],
  ])('%s=%j is refused with its place, the rule and an example', (variable, value, name, mustBe) => {
    const problems = problemsOf({ env: { [variable]: value } })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(
      `${name}: the value ${JSON.stringify(value)} of ${variable} must be ${mustBe}`,
    )
    expect(problems[0]).toContain(`Example: ${variable}='`)
  })

  it('the place of a flag and of a file is named too', () => {
    expect(problemsOf({ argv: ['--port', 'x'] })[0]).toMatch(
      /"x" of --port must be .* Example: --port '4000'$/,
    )
    expect(problemsOf(file({ port: true }))[0]).toMatch(
      /true of "port" in \/srv\/snoop\/snoop.json must be .* Example: "port": "4000"$/,
    )
  })

  it('every problem is told at once', () => {
    const problems = problemsOf({
      ...file({ logLevel: 'loud' }),
      argv: ['--config', 'snoop.json', '--port', 'x', '--colour'],
      env: { SNOOP_MODE: 'test', SNOOP_HOSTT: 'h' },
    })
    expect(problems).toHaveLength(5)
    expect(() => read({ argv: ['--port', 'x', '--mode', 'y'] })).toThrow(/port: [\s\S]*mode: /)
  })
})

describe('an unknown name', () => {
  it.each<[Given, string]>([
    [{ argv: ['--prot', '1'] }, '--prot is not known (did you mean --port?)'],
    [{ argv: ['--smtpurl=smtp://u:hunter2@h'] }, '--smtpurl is not known (did you mean --smtp-url?)'],
    [{ argv: ['-p', '1'] }, '-p is not known'],
    [{ argv: ['--zzzzzzzz'] }, '--zzzzzzzz is not known. --help'],
    [{ argv: ['serve'] }, 'argument 1 is not a flag'],
    [
      { env: { SNOOP_TRUSTED_ORIGIN: 'x' } },
      'SNOOP_TRUSTED_ORIGIN in the environment is not known (did you mean SNOOP_TRUSTED_ORIGINS?)',
    ],
    [file({ data_dir: 'x' }), '"data_dir" in /srv/snoop/snoop.json is not known (did you mean dataDir?)'],
    [{ argv: ['--port'] }, '--port needs a value, such as 4000'],
    [{ argv: ['--port', '--dev'] }, '--port needs a value'],
    [{ argv: ['--port='] }, '--port needs a value'],
    [{ argv: ['--config'] }, '--config needs a value'],
    [{ argv: ['--dev=1'] }, '--dev takes no value'],
  ])('%j is refused', (given, problem) => {
    const problems = problemsOf(given)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(problem)
  })

  it('the key __proto__ in the file is refused like any other', () => {
    const problems = problemsOf({
      argv: ['--config', '/c.json'],
      files: { '/c.json': '{"__proto__": {"port": 1}}' },
    })
    expect(problems[0]).toContain('"__proto__" in /c.json is not known')
  })

  it("variables of Snoop's other programs, of Kubernetes' service links and of anybody else are none", () => {
    const env = {
      SNOOP_API_KEY: 'ba_x',
      SNOOP_PROFILE: 'work',
      SNOOP_SERVICE_HOST: '10.0.0.1',
      SNOOP_SERVICE_PORT_HTTP: '4000',
      SNOOP_PORT: 'tcp://10.0.0.1:4000',
      SNOOP_PORT_4000_TCP_ADDR: '10.0.0.1',
      PATH: '/bin',
    }
    expect(read({ env }).port).toBe(4000)
  })
})

describe('the file', () => {
  it.each([
    ['{"port": 1,\n "smtpUrl": hunter2}', 'is not JSON'],
    ['[]', 'must be a JSON object'],
    ['null', 'must be a JSON object'],
  ])('%j is refused', (text, problem) => {
    const problems = problemsOf({ argv: ['--config', '/c.json'], files: { '/c.json': text } })
    expect(problems).toEqual([expect.stringContaining(`config: the file /c.json ${problem}`)])
  })

  it('that cannot be read is named with the reason', () => {
    expect(problemsOf({ argv: ['--config', 'missing.json'] })).toEqual([
      'config: the file /srv/snoop/missing.json cannot be read (ENOENT)',
    ])
  })
})

describe('settings that belong together', () => {
  it('a certificate needs its key, and the other way round', () => {
    expect(problemsOf({ argv: ['--tls-cert', 'c.pem'] })).toEqual([
      expect.stringMatching(/^tlsKey: is missing/),
    ])
    expect(problemsOf({ argv: ['--tls-key', 'k.pem'] })).toEqual([
      expect.stringMatching(/^tlsCert: is missing/),
    ])
  })

  it('a server that others can reach needs an origin', () => {
    expect(problemsOf({ argv: ['--host', '0.0.0.0'] })).toEqual([
      expect.stringMatching(/^origin: is missing, but host is 0.0.0.0/),
    ])
    expect(read({ argv: ['--host', '0.0.0.0', '--origin', 'https://a.example'] }).host).toBe('0.0.0.0')
    expect(read({ argv: ['--host', '127.0.0.2'] }).origin).toBeUndefined()
  })

  it('a wrong value is not also reported as missing', () => {
    expect(problemsOf({ argv: ['--host', '0.0.0.0', '--origin', 'x'] })).toHaveLength(1)
  })
})

describe('a password', () => {
  it.each<Given>([
    { env: { SNOOP_SMTP_URL: 'http://user:hunter2@mail' } },
    { env: { SNOOP_DATABASE: 'mysql://user:hunter2@db' } },
    { env: { SNOOP_DATABASE: 'sqlite://hunter2' } },
    { argv: ['--smtp-url', 'smtp://user:hunter2@mail'] },
    { argv: ['--database', 'postgres://user:hunter2@db/x'] },
    { argv: ['--database', 'postgres://db/x?user=u&password=hunter2'] },
    { argv: ['--smtp-password', 'hunter2'] },
    { env: { SNOOP_ORIGIN: 'https://user:hunter2@auth.example.com' } },
    { argv: ['--smtpurl=smtp://user:hunter2@mail'] },
    file({ smtpUrl: ['hunter2'], database: 'hunter2', smtp: 'smtp://user:hunter2@mail' }),
    { argv: ['--config', '/c.json'], files: { '/c.json': '{"smtpUrl": "smtp://u:hunter2@m" x}' } },
    { argv: ['--config', '/c.json'], files: { '/c.json': '{"smtpUrl": hunter2}' } },
  ])('never shows in the error of %j', given => {
    const problems = problemsOf(given)
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.join('\n')).not.toContain('hunter2')
  })

  it('on the command line is refused, since every user of the machine can list it', () => {
    expect(problemsOf({ argv: ['--smtp-url', 'smtp://user:hunter2@mail'] })).toEqual([
      expect.stringContaining('Give it by SNOOP_SMTP_URL'),
    ])
    expect(read({ env: { SNOOP_SMTP_URL: 'smtp://user:hunter2@mail' } }).smtpUrl).toContain('hunter2')
  })
})
