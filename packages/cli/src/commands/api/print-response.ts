import { type FieldError, type RawResponse, SnoopApiError } from '@snoop/sdk'
import { explainApiFailure, type UsedCredential } from '../../http/explain-api-failure'
import type { Output } from '../../output/output'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isFieldError = (value: unknown): value is FieldError =>
  isRecord(value) && typeof value.field === 'string' && typeof value.error === 'string'

const headText = ({ status, headers }: RawResponse): string =>
  [`HTTP ${status}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ''].join('\n')

/** Prints the body as it came: JSON, or text where it is not. */
export const printResponse = async (
  output: Output,
  response: RawResponse,
  includeHead: boolean,
): Promise<void> => {
  if (includeHead) await output.text(headText(response))
  const { body } = response
  if (body instanceof Uint8Array) await output.bytes(body)
  else if (typeof body !== 'string') await output.value(body)
  else if (body !== '') await output.text(body)
}

/** An answer of 400 or above as the failure that it is. */
export const responseFailure = ({ status, requestId, headers, body }: RawResponse, used: UsedCredential) => {
  const envelope = isRecord(body) ? body : {}
  // The bodies of surfaces have no place for a code.
  const named = envelope.code ?? headers['x-error-code']
  const code = typeof named === 'string' ? named : 'UNEXPECTED_RESPONSE'
  const said = [envelope.message, envelope.error].find(text => typeof text === 'string')
  const message = typeof said === 'string' ? said : `The server answered ${status}.`
  const meta = isRecord(envelope.meta) ? envelope.meta : undefined
  const seconds = Number(headers['retry-after'])
  return explainApiFailure(
    new SnoopApiError({
      status,
      code,
      message,
      meta,
      errors: Array.isArray(meta?.errors) ? meta.errors.filter(isFieldError) : [],
      requestId,
      retryAfter: headers['retry-after'] !== undefined && seconds >= 0 ? seconds : undefined,
    }),
    used,
  )
}
