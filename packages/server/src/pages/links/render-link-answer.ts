import type { Endpoint } from '@snoop/sdk/contract'
import type { RenderedPage } from '../../http/dialect'
import { Html, html } from '../html'
import { renderPage } from '../render-page'
import type { LinkAnswer } from './link-endpoints'

const WRONG = html`<p class="problem" id="password-problem" role="alert">This password is wrong. Check it, then try again.</p>`

/** Sent by the browser itself, to the address of the page: it works without scripts. */
const renderPasswordPage = (host: string, title: string, isWrong: boolean): RenderedPage =>
  renderPage(host, {
    status: isWrong ? 403 : 200,
    title: isWrong ? 'Wrong password' : title,
    sendsForm: true,
    body: html`<section>
<h1>${title}</h1>
<form method="post">
<label for="password">Password</label>
<p class="hint" id="password-hint">Whoever gave you the link knows it.</p>
<input id="password" name="password" type="password" autocomplete="off" required autofocus aria-describedby="password-hint${isWrong ? ' password-problem' : ''}"${isWrong ? new Html(' aria-invalid="true"') : ''}>
${isWrong ? WRONG : ''}
<button type="submit">Open the link</button>
</form>
</section>`,
  })

const HEADERS = { 'Content-Type': 'text/html; charset=utf-8', 'Referrer-Policy': 'no-referrer' }

/** Leads on, or asks for the password. After a form another method follows than the form's. */
export const renderLinkAnswer = (
  host: string,
  { method, message }: Endpoint,
  answer: LinkAnswer,
): RenderedPage => {
  if (answer.outcome === 'password') return renderPasswordPage(host, message, answer.isWrong)
  // Not 405: programs that check links by HEAD would take it for a broken one.
  if (answer.outcome === 'untold') return { status: 200, html: '', headers: HEADERS }
  const status = method === 'POST' ? 303 : 302
  return { status, html: '', headers: { Location: answer.location, ...HEADERS } }
}
