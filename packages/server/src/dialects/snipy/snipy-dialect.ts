import type { IncomingHttpHeaders } from 'node:http'
import { API_KEY_HEADER, type Endpoint, keyFormatsOf } from '@snoop/sdk/contract'
import { DomainError } from '../../domain/domain-error'
import type { RateLimitVerdict } from '../../domain/rate-limits/decide-rate-limit'
import { readBearerToken } from '../../http/bearer-token'
import type { Credential, Dialect, Rendered } from '../../http/dialect'
import { renderError, renderTokenError } from './errors'

const API_KEY = API_KEY_HEADER.toLowerCase()

/** The key wins, even if it is empty; a cookie is not looked at. */
const readCredential = (headers: IncomingHttpHeaders): Credential | undefined => {
  const key = headers[API_KEY]
  if (typeof key === 'string') return { kind: 'apiKey', key }
  if (headers.authorization === undefined) return undefined
  const token = readBearerToken(headers.authorization)
  if (token === undefined) throw new DomainError('NO_TOKEN_PROVIDED')
  return { kind: 'bearer', token }
}

const renderSuccess = ({ status, bare }: Endpoint, data: unknown): Rendered => ({
  status,
  body: bare ? data : { error: 0, data },
})

const limitHeaders = ({ limit, remaining }: RateLimitVerdict) => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(remaining),
})

/** Short links and QR codes: `{error, data}` with the true status. */
export const snipyDialect: Dialect = {
  name: 'snipy',
  keyFormats: keyFormatsOf('snipy'),
  takesAccessTokens: true,
  countsBeforePath: true,
  codeInHeader: true,
  readCredential,
  renderSuccess,
  renderError,
  limitHeaders,
}

/** The same where tokens are asked for. */
export const snipyTokenDialect: Dialect = { ...snipyDialect, renderError: renderTokenError }
