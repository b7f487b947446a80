import type { Configuration, CustomFetch } from 'openid-client'
import { isLoopbackHost } from '../../config/loopback-host'
import type { SocialRequest } from './social-provider'

type OpenIdClient = typeof import('openid-client')

/** Takes time and memory to load, so only a server with providers does. */
export const loadOpenIdClient = (): Promise<OpenIdClient> => import('openid-client')

/** For each call. A sign-in makes four at most: metadata, tokens, keys, profile. */
export const CALL_TIMEOUT_SECONDS = 10
const MAX_ANSWER_BYTES = 1024 * 1024

/** Only what is configured to be on this machine may be reached without TLS. */
const isPlainHttp = (baseUrl: string): boolean => new URL(baseUrl).protocol === 'http:'

const readBounded = async (response: Response): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/**
 * Every call to a provider goes through this. What it guarantees: it goes by HTTPS, or by HTTP to this very machine if
 * the provider is configured to be there; no redirect is followed, so what is sent, the client's secret above all,
 * reaches no other place than the one that was configured, or that the issuer's own metadata name; an answer has 1 MiB
 * at most, unpacked; and it is over after 10 seconds, by the signal that openid-client gives along. It does not keep
 * away from private networks: the operator chose the issuer, and many a company's is in one.
 */
export const createProviderFetch = (baseUrl: string): CustomFetch => {
  const allowsHttp = isPlainHttp(baseUrl)
  return async (url, options) => {
    const { protocol, hostname } = new URL(url)
    const isSafe = protocol === 'https:' || (allowsHttp && protocol === 'http:' && isLoopbackHost(hostname))
    if (!isSafe) throw new Error('a provider is only called by HTTPS')
    const response = await fetch(url, { ...(options as RequestInit), redirect: 'manual' })
    const body = await readBounded(response)
    return new Response(body.length > 0 ? body : null, {
      status: response.status,
      headers: response.headers,
    })
  }
}

/** Steps to run on a configuration: openid-client refuses plain HTTP by itself, unless told otherwise. */
export const transportSteps = (
  { allowInsecureRequests }: OpenIdClient,
  baseUrl: string,
): ((configuration: Configuration) => void)[] => (isPlainHttp(baseUrl) ? [allowInsecureRequests] : [])

/** What every authorization request carries. */
export const authorizationParameters = async (
  { calculatePKCECodeChallenge }: OpenIdClient,
  { redirectUri, state, codeVerifier }: SocialRequest,
  scopes: readonly string[],
): Promise<Record<string, string>> => ({
  redirect_uri: redirectUri,
  scope: scopes.join(' '),
  state,
  code_challenge: await calculatePKCECodeChallenge(codeVerifier),
  code_challenge_method: 'S256',
})

/** The address at which the browser came back, as openid-client wants it: from the configured origin, never from the request. */
export const answerUrl = ({ redirectUri }: SocialRequest, answer: URLSearchParams): URL => {
  const url = new URL(redirectUri)
  url.search = answer.toString()
  return url
}

/** A claim, if it is a text. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
