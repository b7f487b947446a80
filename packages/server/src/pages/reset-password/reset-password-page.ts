import { contract, ERROR_CATALOGUE } from '@snoop/sdk/contract'
import type { RenderedPage } from '../../http/dialect'
import { renderFormField, renderProblem } from '../form-field'
import { FRAGMENT_SCRIPT } from '../fragment-script'
import { html } from '../html'
import { PAGE_SCRIPT } from '../page-script'
import { renderPage } from '../render-page'
import { RESET_PASSWORD_SCRIPT } from './reset-password-script'

const { message, remedy } = ERROR_CATALOGUE.INVALID_TOKEN

const body = html`<section id="choose" hidden>
<h1>Choose a new password</h1>
<form id="password-form" method="post" novalidate data-path="${contract.auth.resetPassword.path}">
${renderFormField({
  id: 'new-password',
  name: 'newPassword',
  label: 'New password',
  hint: 'At least 8 characters. A few words that do not belong together are good.',
  type: 'password',
  autocomplete: 'new-password',
  attributes: html`minlength="8"`,
})}
${renderFormField({
  id: 'repeated-password',
  name: 'repeatedPassword',
  label: 'New password again',
  type: 'password',
  autocomplete: 'new-password',
})}
${renderProblem('form', 'password-form')}
<button type="submit">Set password</button>
</form>
</section>
<section id="done" class="done" hidden>
<h1 tabindex="-1">Your password is set</h1>
<p>Sign in with it. Wherever you were signed in before, you are signed out now. You can close this page.</p>
</section>
<section id="over" hidden>
<h1 tabindex="-1">${message}</h1>
<p>${remedy} You can close this page.</p>
</section>`

/** Takes the token from the fragment of its address, which reaches no server, and asks for the new password twice. */
export const renderResetPasswordPage = (host: string): RenderedPage =>
  renderPage(host, {
    status: 200,
    title: 'Choose a new password',
    body,
    script: PAGE_SCRIPT + FRAGMENT_SCRIPT + RESET_PASSWORD_SCRIPT,
  })
