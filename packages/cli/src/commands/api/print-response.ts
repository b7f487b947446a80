import { type FieldError, type RawResponse, SnoopApiError, type Surface } from '@snoop/sdk'
import { explainApiFailure, type UsedCredential } from '../../http/explain-api-failure'
import type { Output } from '../../output/output'
import { isRecord } from './is-record'

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

/** What is wrong with each field: a list, or `{field:[sentence,…]}` as snaptrack has it. */
const fieldErrorsOf = (errors: unknown): FieldError[] => {
  if (Array.isArray(errors)) return errors.filter(isFieldError)
  return Object.entries(isRecord(errors) ? errors : {}).flatMap(([field, sentences]) =>
    [sentences].flat().map(sentence => ({ field, error: String(sentence), location: 'body' })),
  )
}

/** What the server says, in whichever words of its envelope. */
const messageOf = ({ error, message }: Readonly<Record<string, unknown>>, status: number): string =>
  [error, message].filter(text => typeof text === 'string').join(': ') || `The server answered ${status}.`

/** An answer of 400 or above as the failure that it is. */
export const responseFailure = (
  { status, requestId, headers, body }: RawResponse,
  used: UsedCredential,
  surface: Surface,
) => {
  const envelope = isRecord(body) ? body : {}
  // The bodies of surfaces have no place for a code.
  const named = envelope.code ?? headers['x-error-code']
  const code = typeof named === 'string' ? named : 'UNEXPECTED_RESPONSE'
  const meta = [envelope.meta, envelope.details].find(isRecord)
  const seconds = Number(headers['retry-after'])
  return explainApiFailure(
    new SnoopApiError({
      status,
      code,
      message: messageOf(envelope, status),
      meta,
      errors: fieldErrorsOf(meta?.errors ?? envelope.errors),
      requestId,
      retryAfter: headers['retry-after'] !== undefined && seconds >= 0 ? seconds : undefined,
    }),
    used,
    surface,
  )
}
