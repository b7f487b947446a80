import { ERROR_CATALOGUE, type ErrorCode, errorsByStatus, listEndpoints } from '@snoop/sdk/contract'
import { describe, expect, test } from 'vitest'
import { DomainError } from '../../domain/domain-error'
import { renderErrorPage } from './error-page'

const render = (error: DomainError) => renderErrorPage('auth.example.com', error, 'req_17')
const texts = (html: string) => [...html.matchAll(/<(?:h1|p)[^>]*>([^<]*)</g)].map(([, text]) => text)

/** What the page of a link can be asked to show. No page is made where a foreign one opens a link. */
const codes = new Set<ErrorCode>(['HTTPS_REQUIRED'])
for (const { endpoint } of listEndpoints()) {
  const ofLink = endpoint.opensLink ? [...errorsByStatus(endpoint).values()].flat() : []
  for (const code of ofLink) if (code !== 'ORIGIN_NOT_ALLOWED') codes.add(code)
}

describe.each([...codes])('%s', code => {
  const error = new DomainError(code)
  const { status, html } = render(error)
  const [host, message = '', advice = ''] = texts(html)

  test('keeps its status, and says what is wrong and what to do', () => {
    expect(status).toBe(ERROR_CATALOGUE[code].status)
    expect(host).toBe('auth.example.com')
    expect(message).toMatch(/^[A-Z].*[^.]$/)
    expect(advice).toMatch(/^[A-Z].*\.$/)
  })

  test('speaks to people, not to those who write programs', () => {
    expect(message + advice).not.toMatch(/`|meta\.|header|fields?:|JSON|\bAPI\b|path|trustedOrigins/)
  })
})

test('the message of an error comes before that of its code', () => {
  const { html } = render(new DomainError('CONFLICT', { message: 'This address has an account' }))
  expect(texts(html)[1]).toBe('This address has an account')
})

test.each([
  [1, '1 second.'],
  [89, '89 seconds.'],
  [90, '2 minutes.'],
  [3600, '60 minutes.'],
])('who has to wait %d seconds is told', (retryAfterSeconds, wait) => {
  const { html } = render(new DomainError('RATE_LIMIT_ERROR', { detail: { retryAfterSeconds } }))
  expect(html).toContain(`Try again in ${wait}`)
})

test('the name of the request is shown for a fault of ours, to be handed on', () => {
  expect(render(new DomainError('INTERNAL_SERVER_ERROR')).html).toContain('req_17')
  expect(render(new DomainError('INVALID_TOKEN')).html).not.toContain('req_17')
})
