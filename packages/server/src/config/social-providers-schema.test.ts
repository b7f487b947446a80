import { describe, expect, it } from 'vitest'
import { describeConfig, formatConfigHelp } from './describe-config'
import { file, type Given, problemsOf, read } from './testing/read-given-config'

const client = { clientId: 'id', clientSecret: 'hunter2' }
const env = (providers: unknown): Given => ({ env: { SNOOP_SOCIAL_PROVIDERS: JSON.stringify(providers) } })

describe('social providers', () => {
  it('are none unless given', () => {
    expect(read().socialProviders).toEqual({})
  })

  it.each([
    ['text in the environment', env],
    ['an object in the file', (providers: unknown) => file({ socialProviders: providers })],
    ['text in the file', (providers: unknown) => file({ socialProviders: JSON.stringify(providers) })],
  ])('are read from %s, with what the presets know', (_what, give) => {
    const acme = { ...client, issuer: 'https://id.acme.example/tenant/', scopes: ['openid', 'email'] }
    const { socialProviders } = read(
      give({
        google: client,
        github: client,
        acme,
        local: { ...client, issuer: 'http://127.0.0.1:9000', name: 'At home' },
      }),
    )
    expect(socialProviders).toEqual({
      google: {
        ...client,
        kind: 'openid',
        name: 'Google',
        issuer: 'https://accounts.google.com',
        scopes: ['openid', 'email', 'profile'],
      },
      github: {
        ...client,
        kind: 'github',
        name: 'GitHub',
        baseUrl: 'https://github.com',
        scopes: ['read:user', 'user:email'],
      },
      acme: { ...acme, kind: 'openid', name: 'acme' },
      local: {
        ...client,
        kind: 'openid',
        name: 'At home',
        issuer: 'http://127.0.0.1:9000',
        scopes: ['openid', 'email', 'profile'],
      },
    })
  })

  it('take GitHub Enterprise by its URL', () => {
    const { socialProviders } = read(env({ github: { ...client, baseUrl: 'https://git.acme.example/' } }))
    expect(socialProviders.github).toMatchObject({ baseUrl: 'https://git.acme.example' })
  })

  const acme = { ...client, issuer: 'https://id.acme.example' }
  it.each<[string, unknown, string]>([
    ['no object', [], 'must be a JSON object of providers by their names'],
    ['a name with capitals', { Acme: acme }, '"Acme" is a name of 1 to 32 lower-case letters'],
    ['a name of 33 characters', { ['a'.repeat(33)]: acme }, 'is a name of 1 to 32 lower-case letters'],
    ['__proto__', JSON.parse('{"__proto__": {}}'), '"__proto__" is a name of'],
    ['no object as a provider', { acme: 'hunter2' }, '"acme" is an object'],
    ['no issuer', { acme: client }, '"acme" has an "issuer", https://HOST'],
    ['no issuer of a name that every object has', { constructor: client }, '"constructor" has an "issuer"'],
    [
      'an issuer by http',
      { acme: { ...client, issuer: 'http://id.acme.example' } },
      'has an "issuer", https:',
    ],
    ['an issuer with a query', { acme: { ...client, issuer: 'https://a.example/?x' } }, 'has an "issuer"'],
    [
      'an issuer with a password',
      { acme: { ...client, issuer: 'https://u:hunter2@a.example' } },
      'has an "issuer"',
    ],
    ['no client id', { google: { clientSecret: 'hunter2' } }, '"google" has a "clientId" of 1 to 500'],
    ['no secret', { google: { clientId: 'id' } }, '"google" has a "clientSecret" of 1 to 2000'],
    [
      'a secret with a line break',
      { google: { ...client, clientSecret: 'hunter2\n' } },
      '"google" has a "clientSecret"',
    ],
    ['scopes without openid', { acme: { ...acme, scopes: ['email'] } }, 'names, "openid" among them'],
    ['scopes as text', { github: { ...client, scopes: 'user:email' } }, '"github" has "scopes", a list'],
    ['a name of two lines', { acme: { ...acme, name: 'A\nB' } }, '"acme" has a "name" of 1 to 50'],
    ['a base URL with a path', { github: { ...client, baseUrl: 'https://a.example/b' } }, 'has a "baseUrl"'],
    ['an issuer for Google', { google: acme }, '"google" has no "issuer"'],
    [
      'an unknown field',
      { acme: { ...acme, client_secret: 'hunter2' } },
      '"acme" has no "client_secret" (did you mean clientSecret?)',
    ],
  ])('with %s are refused: where, what, and how instead', (_what, providers, problem) => {
    for (const [given, place] of [
      [env(providers), 'SNOOP_SOCIAL_PROVIDERS'],
      [file({ socialProviders: providers }), '"socialProviders" in /srv/snoop/snoop.json'],
    ] as const) {
      const problems = problemsOf(given)
      expect(problems).toHaveLength(1)
      expect(problems[0]).toContain(`socialProviders: the value of ${place} must be `)
      expect(problems[0]).toContain(problem)
      expect(problems[0]).toMatch(/ Example: .*\{"google":\{"clientId":"ID","clientSecret":"SECRET"\}/)
      expect(problems[0]).not.toContain('hunter2')
    }
  })

  it('that are no JSON are refused without being shown', () => {
    expect(problemsOf({ env: { SNOOP_SOCIAL_PROVIDERS: '{"google": hunter2}' } })).toEqual([
      expect.stringMatching(/must be a JSON object of providers by their names\. Example: (?!.*hunter2)/),
    ])
  })

  it('tell every mistake at once', () => {
    const [problem] = problemsOf(env({ google: {}, acme: client }))
    expect(problem).toContain('"google" has a "clientId"')
    expect(problem).toContain('"google" has a "clientSecret"')
    expect(problem).toContain('"acme" has an "issuer"')
  })

  it('are not taken from the command line, which every user of the machine can list', () => {
    for (const argv of [
      ['--social-providers', JSON.stringify({ google: client })],
      [`--social-providers=${JSON.stringify({ google: client })}`],
    ]) {
      expect(problemsOf({ argv })).toEqual([
        'socialProviders: --social-providers holds a secret, which other users of this machine can see. Give it by SNOOP_SOCIAL_PROVIDERS or in the file of --config',
      ])
    }
  })

  it('have no flag in help and documents', () => {
    const row = describeConfig().find(({ name }) => name === 'socialProviders')
    expect(row).toMatchObject({ flag: undefined, env: 'SNOOP_SOCIAL_PROVIDERS', default: 'none' })
    expect(formatConfigHelp()).not.toContain('--social-providers')
    expect(formatConfigHelp()).toContain('SNOOP_SOCIAL_PROVIDERS; default: none')
  })
})
