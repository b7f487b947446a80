import { socialProvidersSchema } from '../../src/config/social-providers-schema'
import { type FakeGithub, startFakeGithub } from '../../src/domain/social/testing/start-fake-github'
import {
  startOpenIdProvider,
  type TestOpenIdProvider,
} from '../../src/domain/social/testing/start-openid-provider'
import {
  startTestServer,
  type TestAnswer,
  type TestCall,
  type TestServer,
} from '../../src/testing/start-test-server'

/** A page of an application, at an origin that the kit's server trusts. */
export const APP = 'https://app.example.com/welcome?from=snoop#top'

/** A sign-in that the provider has sent back, but whose browser has not yet arrived. */
export interface Return {
  readonly url: URL
  /** The cookie that binds it to the browser. */
  readonly cookie: string
}

/** What people do who sign in with another service. */
export interface SocialKit {
  readonly server: TestServer
  /** Tells addresses at its userinfo endpoint. */
  readonly acme: TestOpenIdProvider
  /** Tells addresses in its ID tokens. */
  readonly other: TestOpenIdProvider
  readonly github: FakeGithub
  /** An account at a provider, at acme unless said. @returns its login, which is its subject */
  newAccount(claims?: object, provider?: TestOpenIdProvider): { login: string; email: string }
  begin(body?: object, call?: TestCall): Promise<TestAnswer>
  /** The cookie that binds what was begun to the browser. */
  bindingOf(begun: TestAnswer): string
  /** Begins, and goes through the provider's pages. @param change what somebody does to the address on the way */
  goThrough(login: string, body?: object, change?: (url: URL) => void): Promise<Return>
  arrive(back: Return, call?: TestCall): Promise<TestAnswer>
  signIn(login: string, body?: object): Promise<TestAnswer>
  signInAtGithub(body?: object): Promise<TestAnswer>
  me(cookie: string | undefined): Promise<Record<string, unknown>>
  /** Lets all providers answer by themselves again. */
  mend(): void
  stop(): Promise<void>
}

/** A server with three providers: two real OpenID providers, and a fake of GitHub's four endpoints. */
export const startSocialKit = async (databaseUrl: string): Promise<SocialKit> => {
  const acme = await startOpenIdProvider({ claimsInIdToken: false })
  const other = await startOpenIdProvider({ claimsInIdToken: true })
  const github = await startFakeGithub()
  const providers = [acme, other, github]
  const client = ({ clientId, clientSecret }: TestOpenIdProvider | FakeGithub) => ({ clientId, clientSecret })
  const server = await startTestServer({
    databaseUrl,
    trustedOrigins: ['https://app.example.com'],
    socialProviders: socialProvidersSchema.parse({
      acme: { ...client(acme), issuer: acme.url, name: 'Acme' },
      other: { ...client(other), issuer: other.url },
      github: { ...client(github), baseUrl: github.url },
    }),
  })
  for (const [name, provider] of Object.entries({ acme, other }))
    provider.register(`${server.url}/api/auth/callback/${name}`)
  for (const { clientSecret } of providers) server.secrets.add(clientSecret)

  let counter = 0
  const begin: SocialKit['begin'] = (body = {}, call = {}) =>
    server.call('POST', '/api/auth/sign-in/social', { ...call, body: { provider: 'acme', ...body } })
  const bindingOf: SocialKit['bindingOf'] = ({ cookies }) =>
    cookies.find(cookie => cookie.startsWith('snoop_oauth_state=')) ?? ''
  const comeBack = (begun: TestAnswer, address: string): Return => {
    const url = new URL(address)
    for (const name of ['state', 'code']) server.secrets.add(url.searchParams.get(name))
    return { url, cookie: bindingOf(begun) }
  }
  const goThrough: SocialKit['goThrough'] = async (login, body = {}, change = () => {}) => {
    const begun = await begin(body)
    const start = new URL(begun.body.data.url)
    change(start)
    const provider = start.origin === other.url ? other : acme
    return comeBack(begun, await provider.signIn(start.href, login))
  }
  const arrive: SocialKit['arrive'] = ({ url, cookie }, { cookie: more, ...call } = {}) =>
    server.call('GET', url.pathname + url.search, {
      ...call,
      cookie: more === undefined ? cookie : `${cookie}; ${more}`,
    })

  return {
    server,
    acme,
    other,
    github,
    newAccount: (claims = {}, provider = acme) => {
      const login = `person-${++counter}`
      const email = `${login}@example.com`
      provider.accounts.set(login, { email, email_verified: true, name: 'Ada Lovelace', ...claims })
      return { login, email }
    },
    begin,
    bindingOf,
    goThrough,
    arrive,
    signIn: async (login, body = {}) => arrive(await goThrough(login, body)),
    signInAtGithub: async (body = {}) => {
      const begun = await begin({ provider: 'github', ...body })
      return arrive(comeBack(begun, await github.signIn(begun.body.data.url)))
    },
    me: async cookie => (await server.call('GET', '/api/user/me', { cookie })).body.data,
    mend: () => {
      for (const provider of providers) provider.intercept = () => false
    },
    stop: async () => {
      for (const provider of providers) await provider.stop()
      await server.stop()
    },
  }
}
