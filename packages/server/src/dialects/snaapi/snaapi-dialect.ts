import type { IncomingHttpHeaders } from 'node:http'
import { API_KEY_HEADER, type Endpoint, keyFormatsOf } from '@snoop/sdk/contract'
import { DomainError } from '../../domain/domain-error'
import { readBearerToken } from '../../http/bearer-token'
import { readCookie } from '../../http/cookie'
import type { Credential, Dialect, Rendered } from '../../http/dialect'
import { renderError } from './errors'

const API_KEY = API_KEY_HEADER.toLowerCase()

/** The cookie wins, then the key, then the bearer token, even if it is empty. A bearer token is a key of the surface's own format. */
const readCredential = (headers: IncomingHttpHeaders, sessionCookieName: string): Credential | undefined => {
  const token = readCookie(headers.cookie, sessionCookieName)
  if (token !== undefined) return { kind: 'session', token }
  const key = headers[API_KEY]
  if (typeof key === 'string') return { kind: 'apiKey', key }
  if (headers.authorization === undefined) return undefined
  const bearer = readBearerToken(headers.authorization)
  if (bearer === undefined) throw new DomainError('NO_TOKEN_PROVIDED')
  if (bearer.startsWith('sna_')) return { kind: 'apiKey', key: bearer }
  throw new DomainError('INVALID_OR_EXPIRED_TOKEN', {
    message:
      'Here `Authorization: Bearer` takes a key that begins with sna_; any other key goes into X-Api-Key',
  })
}

const renderSuccess = ({ status }: Endpoint, data: unknown): Rendered => ({ status, body: data })

/** Resources and their rows: bodies without an envelope, errors as `{code, message}`. */
export const snaapiDialect: Dialect = {
  name: 'snaapi',
  keyFormats: keyFormatsOf('snaapi'),
  takesAccessTokens: false,
  countsBeforePath: true,
  codeInHeader: true,
  readCredential,
  renderSuccess,
  renderError,
}
