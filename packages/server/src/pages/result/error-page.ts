import { ERROR_CATALOGUE, type ErrorCode } from '@snoop/sdk/contract'
import type { DomainError } from '../../domain/domain-error'
import type { RenderedPage } from '../../http/dialect'
import { Html, html } from '../html'
import { renderPage } from '../render-page'

/** Words for people, where message or remedy of the catalogue are for those who write programs. */
interface Words {
  readonly message?: string
  readonly remedy?: string
}

const WORDS: Partial<Record<ErrorCode, Words>> = {
  VALIDATION_ERROR: {
    message: 'This link is not complete',
    remedy: 'Open it again from the mail, or copy the whole of it into the address bar.',
  },
  CONFLICT: { remedy: 'Sign in the way you did before.' },
  NOT_FOUND: { remedy: 'Go back to where you came from and try another way.' },
  HTTPS_REQUIRED: { remedy: 'Open this address with https:// at its beginning.' },
  RATE_LIMIT_ERROR: { message: 'Too many tries', remedy: 'Wait a while, then try again.' },
  INTERNAL_SERVER_ERROR: {
    remedy: 'Try again. If it stays, tell whoever runs this service, and give them the number below.',
  },
  SERVICE_UNAVAILABLE: { message: 'The server is busy or away', remedy: 'Try again in a moment.' },
}

const describeWait = (seconds: number): string => {
  if (seconds < 90) return `Try again in ${seconds} second${seconds === 1 ? '' : 's'}.`
  return `Try again in ${Math.ceil(seconds / 60)} minutes.`
}

/** Says why a link did not do what it was for, and what to do about it. */
export const renderErrorPage = (host: string, error: DomainError, requestId: string): RenderedPage => {
  const { code, detail } = error
  const { status, remedy } = ERROR_CATALOGUE[code]
  const words = WORDS[code] ?? {}
  const message = words.message ?? error.message
  const { retryAfterSeconds } = detail
  const advice = retryAfterSeconds === undefined ? (words.remedy ?? remedy) : describeWait(retryAfterSeconds)
  return renderPage(host, {
    status,
    title: message,
    body: html`<section>
<h1>${message}</h1>
<p>${advice}</p>
${status === 500 ? html`<p class="hint">Request ${requestId}</p>` : new Html('')}
</section>`,
  })
}
