import { IDEMPOTENCY_KEY_HEADER } from '../contract'
import type { SendContext, WireResponse } from './attempt'
import type { BuiltRequest } from './build-request'
import type { CallOptions, ClientOptions } from './client-types'
import { CREDENTIAL_HEADERS } from './credential'
import { readCallSettings, readHeaderText } from './read-options'
import { SDK_VERSION } from './sdk-version'
import { send } from './send'

type Headers = Readonly<Record<string, string>>

/** Sends one built request as the client's options and the call's say. */
export type Caller = (
  built: BuiltRequest,
  options: CallOptions,
  extraHeaders?: Headers,
) => Promise<WireResponse>

const userAgentOf = (given: string | undefined): string => {
  const nodeVersion = globalThis.process?.versions?.node
  const own = `snoop-sdk/${SDK_VERSION}${nodeVersion ? ` node/${nodeVersion}` : ''}`
  return given === undefined ? own : `${readHeaderText('userAgent', given)} ${own}`
}

const readExtraHeaders = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const lowerName = name.toLowerCase()
      if (CREDENTIAL_HEADERS.has(lowerName)) {
        throw new TypeError(`\`${name}\` comes from the credential that createClient was given`)
      }
      return [lowerName, readHeaderText(`headers.${name}`, value)]
    }),
  )

/** @throws TypeError if an option is out of range or no header can carry it */
export const createCaller = (context: SendContext, options: ClientOptions): Caller => {
  const baseSettings = readCallSettings(options)
  const userAgent = userAgentOf(options.userAgent)

  return async (built, { signal, idempotencyKey, ...timing }, extraHeaders = {}) => {
    const accept = built.stream
      ? 'application/x-ndjson, text/csv, application/json'
      : [...(built.file ?? []), 'application/json'].join(', ')
    const headers: Record<string, string> = { accept, 'user-agent': userAgent }
    if (built.body !== undefined)
      headers['content-type'] = built.isForm ? 'application/x-www-form-urlencoded' : 'application/json'
    if (idempotencyKey !== undefined) {
      headers[IDEMPOTENCY_KEY_HEADER.toLowerCase()] = readHeaderText('idempotencyKey', idempotencyKey)
    }
    Object.assign(headers, readExtraHeaders(extraHeaders))
    const hasIdempotencyKey = IDEMPOTENCY_KEY_HEADER.toLowerCase() in headers
    return send(
      context,
      { ...built, headers, hasIdempotencyKey },
      readCallSettings(timing, baseSettings),
      signal,
    )
  }
}
