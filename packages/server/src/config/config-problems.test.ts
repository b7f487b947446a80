import { describe, expect, it } from 'vitest'
import { file, type Given, problemsOf, read } from './testing/read-given-config'

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
    ['SNOOP_KEY_PREFIX', 'snpy_', 'keyPrefix', '2 to 8 lower-case letters and _, and none of snpy_'],
    ['SNOOP_KEY_PREFIX', 'snt_', 'keyPrefix', '2 to 8 lower-case letters and _, and none of snpy_'],
    ['SNOOP_KEY_PREFIX', 'sna_', 'keyPrefix', '2 to 8 lower-case letters and _, and none of snpy_'],
    ['SNOOP_MAX_KEYS_PER_ACCOUNT', '0', 'maxKeysPerAccount', 'a whole number from 1'],
    ['SNOOP_PASSWORD_HASH_CONCURRENCY', '0', 'passwordHashConcurrency', 'a whole number from 1'],
    ['SNOOP_PASSWORD_HASH_QUEUE', '-1', 'passwordHashQueue', 'a whole number from 0'],
    ['SNOOP_DATABASE_POOL_SIZE', '0', 'databasePoolSize', 'a whole number from 1'],
    ['SNOOP_SHUTDOWN_GRACE_SECONDS', '1.5', 'shutdownGraceSeconds', 'a whole number from 0'],
    ['SNOOP_AUDIT_RETENTION_DAYS', '0', 'auditRetentionDays', 'a whole number from 1 to 36500, or off'],
    ['SNOOP_AUDIT_RETENTION_DAYS', 'forever', 'auditRetentionDays', 'a whole number from 1 to 36500, or off'],
  ])('%s=%j is refused with its place, the rule and an example', (variable, value, name, mustBe) => {
    const problems = problemsOf({ env: { [variable]: value } })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(
      `${name}: the value ${JSON.stringify(value)} of ${variable} must be ${mustBe}`,
    )
    expect(problems[0]).toContain(`Example: ${variable}='`)
  })

  it.each(['200/60s', '0', '1.5', 'off', '-1', '1e3'])('%s requests a minute are refused', perMinute => {
    expect(problemsOf({ env: { SNAAPI_RATE_LIMIT_PER_MIN: perMinute } })).toEqual([
      `keyRateLimit: the value "${perMinute}" of SNAAPI_RATE_LIMIT_PER_MIN must be a whole number from 1 to 999999999. Example: SNAAPI_RATE_LIMIT_PER_MIN='1000'`,
    ])
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
    [{ argv: ['serve'] }, 'argument 1 is not a flag: settings'],
    [{ argv: ['disable-usr'] }, 'argument 1 is not a flag (did you mean disable-user?): settings'],
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

  it('passkeys belong to the host of the origin or a domain above it, which no browser would take otherwise', () => {
    const argvWith = (domain: string) => ['--origin', 'https://auth.example.com', '--passkey-domain', domain]
    for (const domain of ['auth.example.com', 'example.com'])
      expect(read({ argv: argvWith(domain) }).passkeyDomain).toBe(domain)
    for (const domain of ['example.org', 'ample.com', 'app.auth.example.com']) {
      expect(problemsOf({ argv: argvWith(domain) })).toEqual([
        expect.stringMatching(/^passkeyDomain: \S+ is neither the host of the origin \(auth\.example\.com\)/),
      ])
    }
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
