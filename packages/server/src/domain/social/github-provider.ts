import type { Configuration } from 'openid-client'
import type { SocialProviderConfig } from '../../config/config'
import {
  answerUrl,
  authorizationParameters,
  CALL_TIMEOUT_SECONDS,
  createProviderFetch,
  loadOpenIdClient,
  textOf,
  transportSteps,
} from './provider-calls'
import type { SocialProvider } from './social-provider'

type GithubConfig = Extract<SocialProviderConfig, { kind: 'github' }>

/** GitHub Enterprise Server has its API under a path. Source: GitHub, "Getting started with the REST API". */
const apiUrlOf = (baseUrl: string): string =>
  baseUrl === 'https://github.com' ? 'https://api.github.com' : `${baseUrl}/api/v3`

const configure = async ({ baseUrl, clientId, clientSecret }: GithubConfig): Promise<Configuration> => {
  const client = await loadOpenIdClient()
  const oauth = `${baseUrl}/login/oauth`
  const server = {
    issuer: oauth,
    authorization_endpoint: `${oauth}/authorize`,
    token_endpoint: `${oauth}/access_token`,
  }
  const authentication = client.ClientSecretPost(clientSecret)
  const configuration = new client.Configuration(server, clientId, undefined, authentication)
  configuration[client.customFetch] = createProviderFetch(baseUrl)
  configuration.timeout = CALL_TIMEOUT_SECONDS
  for (const step of transportSteps(client, baseUrl)) step(configuration)
  return configuration
}

const getJson = async (configuration: Configuration, accessToken: string, url: string): Promise<unknown> => {
  const { fetchProtectedResource } = await loadOpenIdClient()
  const headers = new Headers({ accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' })
  const response = await fetchProtectedResource(
    configuration,
    accessToken,
    new URL(url),
    'GET',
    undefined,
    headers,
  )
  if (response.status !== 200)
    throw new Error(`${new URL(url).pathname} was answered with ${response.status}`)
  return response.json()
}

interface PrimaryAddress {
  readonly email: string | undefined
  readonly emailVerified: boolean
}

/** The profile's own `email` is what its owner chose to show; only the list tells what is verified. */
const findPrimary = (emails: unknown): PrimaryAddress => {
  const list: Record<string, unknown>[] = Array.isArray(emails) ? emails : []
  const primary = list.find(entry => entry?.primary === true)
  return { email: textOf(primary?.email), emailVerified: primary?.verified === true }
}

/**
 * Sign-in with GitHub: OAuth 2.0 with PKCE, but no OpenID Connect, so who it is comes from its API. Source: GitHub,
 * "Authorizing OAuth apps", and the REST API's "Users" and "Emails".
 */
export const createGithubProvider = (config: GithubConfig): SocialProvider => {
  const api = apiUrlOf(config.baseUrl)
  return {
    name: config.name,

    authorizationUrl: async request => {
      const client = await loadOpenIdClient()
      const parameters = await authorizationParameters(client, request, config.scopes)
      return client.buildAuthorizationUrl(await configure(config), parameters).href
    },

    readProfile: async (request, answer) => {
      const client = await loadOpenIdClient()
      const configuration = await configure(config)
      const tokens = await client.authorizationCodeGrant(configuration, answerUrl(request, answer), {
        expectedState: request.state,
        pkceCodeVerifier: request.codeVerifier,
      })
      const get = (path: string) => getJson(configuration, tokens.access_token, `${api}${path}`)
      const user = (await get('/user')) as Record<string, unknown> | null
      if (!Number.isSafeInteger(user?.id)) throw new Error('/user was answered without an id')
      return {
        // A login can be given up and taken by somebody else; the number is never given again.
        subject: String(user?.id),
        ...findPrimary(await get('/user/emails')),
        name: textOf(user?.name) ?? textOf(user?.login),
      }
    },
  }
}
