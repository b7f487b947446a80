import Provider from 'oidc-provider'
import { type LoopbackServer, listenOnLoopback } from './listen-on-loopback'

/** What an account at the provider says of itself. */
export interface AccountClaims {
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
}

export interface TestOpenIdProvider extends LoopbackServer {
  readonly clientId: string
  readonly clientSecret: string
  /** By their logins, which are their subjects, too. */
  readonly accounts: Map<string, AccountClaims>
  /** Lets the client send browsers back to there. */
  register(redirectUri: string): void
  /**
   * Goes through the provider's pages as somebody with a browser of their own does: signs in, and consents.
   * @param url from the client
   * @returns the address that the provider sends the browser back to
   */
  signIn(url: string, login: string): Promise<string>
  /** Goes back from the provider's first page, as by its `[ Cancel ]`. */
  cancel(url: string): Promise<string>
}

/** Cookies of one browser, by name: the provider has no two of the same name that matter at once. */
class CookieJar {
  private readonly cookies = new Map<string, string>()

  async fetch(url: string, form?: Record<string, string>): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return response
  }
}

/** Follows redirects to the next page, or out of the provider. */
const follow = async (jar: CookieJar, issuer: string, start: string, form?: Record<string, string>) => {
  let url = start
  let response = await jar.fetch(url, form)
  for (;;) {
    const location = response.headers.get('location')
    if (location === null) return { url, page: await response.text() }
    url = new URL(location, url).href
    if (!url.startsWith(`${issuer}/`)) return { url, page: undefined }
    response = await jar.fetch(url)
  }
}

/**
 * A real OpenID provider (the npm package oidc-provider, certified by the OpenID Foundation), with its own pages for
 * signing in and for consent, which take any password.
 * @param claimsInIdToken false: they are only told at the userinfo endpoint, as OpenID Connect Core 1.0, 5.4, has it
 */
export const startOpenIdProvider = async ({
  claimsInIdToken,
}: {
  readonly claimsInIdToken: boolean
}): Promise<TestOpenIdProvider> => {
  const accounts = new Map<string, AccountClaims>()
  const [clientId, clientSecret] = ['snoop:at+the/provider', `provider+secret/${crypto.randomUUID()}=`]
  let provider: Provider | undefined
  const server = await listenOnLoopback(() => {
    if (!provider) throw new Error('no client is registered yet')
    return provider.callback()
  })
  const { url: issuer } = server

  const register = (redirectUri: string): void => {
    provider = new Provider(issuer, {
      clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
      conformIdTokenClaims: !claimsInIdToken,
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      pkce: { required: () => true },
      cookies: { keys: ['only for tests'] },
      findAccount: (_ctx, login) => ({
        accountId: login,
        claims: () => ({ sub: login, ...accounts.get(login) }),
      }),
    })
  }

  return Object.assign(server, {
    clientId,
    clientSecret,
    accounts,
    register,
    signIn: async (start: string, login: string) => {
      const jar = new CookieJar()
      let { url, page } = await follow(jar, issuer, start)
      while (page !== undefined) {
        const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
        if (prompt === undefined) throw new Error(`not expected at the provider: ${page}`)
        ;({ url, page } = await follow(jar, issuer, url, { prompt, login, password: 'any' }))
      }
      return url
    },
    cancel: async (start: string) => {
      const jar = new CookieJar()
      const { url } = await follow(jar, issuer, start)
      return (await follow(jar, issuer, `${url}/abort`)).url
    },
  })
}
