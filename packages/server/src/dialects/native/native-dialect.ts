import type { IncomingHttpHeaders } from 'node:http'
import {
  API_KEY_HEADER,
  type Endpoint,
  ERROR_CATALOGUE,
  keyFormatsOf,
  type PageMeta,
} from '@snoop/sdk/contract'
import { DomainError, type ErrorDetail } from '../../domain/domain-error'
import { readCookie } from '../../http/cookie'
import type { Credential, Dialect, Rendered } from '../../http/dialect'

const API_KEY = API_KEY_HEADER.toLowerCase()
const BEARER = /^Bearer +(\S.*)$/i

/** The cookie wins, then the key, then the bearer token (native contract, section 1), even if it is empty. */
const readCredential = (headers: IncomingHttpHeaders, sessionCookieName: string): Credential | undefined => {
  const token = readCookie(headers.cookie, sessionCookieName)
  if (token !== undefined) return { kind: 'session', token }
  const key = headers[API_KEY]
  if (typeof key === 'string') return { kind: 'apiKey', key }
  if (headers.authorization === undefined) return undefined
  const bearer = BEARER.exec(headers.authorization)?.[1]
  if (bearer) return { kind: 'bearer', token: bearer }
  const isEmpty = /^(Bearer)?\s*$/i.test(headers.authorization)
  throw new DomainError(isEmpty ? 'NO_TOKEN_PROVIDED' : 'INVALID_OR_EXPIRED_TOKEN')
}

const renderSuccess = (endpoint: Endpoint, data: unknown, meta: PageMeta | undefined): Rendered => {
  const { status, message, itemsKey } = endpoint
  if (endpoint.bare) return { status, body: data }
  const content = itemsKey === undefined ? data : { [itemsKey]: data }
  return {
    status,
    body: { success: true, status, code: 'OK', message, data: content, ...(meta && { meta }) },
  }
}

const renderMeta = (error: DomainError): Record<string, unknown> | undefined => {
  const { fields, required, missing, conflictField, rotatedTo, organizations, planLimit }: ErrorDetail =
    error.detail
  const meta = {
    ...(fields && {
      errors: fields.map(({ field, error, location = 'body' }) => ({ field, error, location })),
    }),
    ...(required && { required }),
    ...(missing && { missing }),
    ...(conflictField !== undefined && { field: conflictField }),
    ...(rotatedTo !== undefined && { rotatedTo }),
    ...(organizations && { organizations }),
    ...planLimit,
    ...(error.code === 'RATE_LIMIT_ERROR' && { message: error.message }),
  }
  return Object.keys(meta).length > 0 ? meta : undefined
}

const renderError = (error: DomainError): Rendered => {
  const { status } = ERROR_CATALOGUE[error.code]
  const meta = renderMeta(error)
  return {
    status,
    body: { success: false, status, code: error.code, message: error.message, ...(meta && { meta }) },
  }
}

/** The envelope of the native API. */
export const nativeDialect: Dialect = {
  name: 'native',
  keyFormats: keyFormatsOf('native'),
  takesAccessTokens: false,
  readCredential,
  renderSuccess,
  renderError,
}
