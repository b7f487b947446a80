import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { type LoopbackServer, listenOnLoopback, sendJson } from './listen-on-loopback'

interface FakeUser {
  readonly id: number
  readonly login: string
  readonly name: string | null
  readonly emails: readonly {
    readonly email: string
    readonly primary: boolean
    readonly verified: boolean
  }[]
}

export interface FakeGithub extends LoopbackServer {
  readonly clientId: string
  readonly clientSecret: string
  /** Who sits at the browser. */
  user: FakeUser
  /** What GitHub does once its user has agreed. @returns the address that it sends the browser back to */
  signIn(url: string): Promise<string>
}

/**
 * A fake of four endpoints of GitHub Enterprise Server, after their documentation: the real one cannot be had in a test.
 * Like the real one it answers a bad code with 200, and checks PKCE where it is used.
 */
export const startFakeGithub = async (): Promise<FakeGithub> => {
  const [clientId, clientSecret] = ['github-client', `github-secret-${randomUUID()}`]
  const codes = new Map<string, { readonly challenge: string | null; readonly redirectUri: string | null }>()
  const tokens = new Set<string>()

  const authorize = (query: URLSearchParams, response: ServerResponse) => {
    const redirectUri = query.get('redirect_uri')
    if (query.get('client_id') !== clientId || redirectUri === null) return sendJson(response, {}, 404)
    const code = randomUUID()
    codes.set(code, { challenge: query.get('code_challenge'), redirectUri })
    const back = new URL(redirectUri)
    back.searchParams.set('code', code)
    back.searchParams.set('state', query.get('state') ?? '')
    response.writeHead(302, { location: back.href }).end()
  }

  const giveToken = async (request: IncomingMessage, response: ServerResponse) => {
    const form = new URLSearchParams(await text(request))
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
      return sendJson(response, { error: 'incorrect_client_credentials' })
    const code = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const verifier = form.get('code_verifier') ?? ''
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    if (code?.challenge !== challenge || code.redirectUri !== form.get('redirect_uri'))
      return sendJson(response, { error: 'bad_verification_code', error_description: 'The code is wrong' })
    const token = `gho_${randomUUID()}`
    tokens.add(token)
    return sendJson(response, { access_token: token, scope: 'read:user,user:email', token_type: 'bearer' })
  }

  const answer: RequestListener = async (request, response) => {
    const url = new URL(request.url ?? '', server.url)
    const mayRead = tokens.has(request.headers.authorization?.replace('Bearer ', '') ?? '')
    const { emails, ...user } = server.user
    const asked = `${request.method} ${url.pathname}`
    if (asked === 'GET /login/oauth/authorize') authorize(url.searchParams, response)
    else if (asked === 'POST /login/oauth/access_token') await giveToken(request, response)
    else if (!mayRead) sendJson(response, { message: 'Requires authentication' }, 401)
    else if (asked === 'GET /api/v3/user') sendJson(response, { ...user, email: 'shown@example.com' })
    else if (asked === 'GET /api/v3/user/emails') sendJson(response, emails)
    else sendJson(response, {}, 404)
  }

  const server: FakeGithub = Object.assign(await listenOnLoopback(() => answer), {
    clientId,
    clientSecret,
    user: { id: 1, login: 'octocat', name: null, emails: [] },
    signIn: async (url: string) =>
      (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? `refused: ${url}`,
  })
  return server
}
