import { contract } from '@snoop/sdk/contract'
import type { RenderedPage } from '../../http/dialect'
import { renderFormField, renderProblem } from '../form-field'
import { FRAGMENT_SCRIPT } from '../fragment-script'
import { html } from '../html'
import { renderDetails } from '../loading/details'
import { LOADING_SCRIPT } from '../loading/loading-script'
import { LOADING_STEPS } from '../loading/loading-steps'
import { PAGE_SCRIPT } from '../page-script'
import { renderPage } from '../render-page'
import { SECOND_FACTOR_SCRIPT } from '../sign-in/second-factor-script'
import { SECOND_FACTOR_STEP } from '../sign-in/second-factor-steps'
import { INVITES_SCRIPT } from './invites-script'

const { auth, invites } = contract

const DETAILS = renderDetails({
  organizationName: 'Organization',
  role: 'Your role',
  invitedBy: 'Invited by',
  email: 'For',
  expiresAt: 'Good until',
})

/** An account may only be the one of the invited address. */
const renderEmailField = (id: string) =>
  renderFormField({
    id,
    name: 'email',
    label: 'E-mail address',
    type: 'email',
    autocomplete: 'username',
    attributes: html`readonly`,
  })

const AS_INVITED = html`<div id="as-invited" hidden>
<p>You are signed in as <strong data-signed-in-as></strong>.</p>
<form id="accept-form" method="post" data-path="${invites.accept.path}">
${renderProblem('form', 'accept-form')}
<button type="submit">Accept</button>
</form>
<form id="mail-form" method="post" data-path="${auth.sendVerificationEmail.path}" hidden>
${renderProblem('form', 'mail-form')}
<p id="mail-sent" role="status"></p>
<div class="choices">
<button>Send the mail again</button>
</div>
</form>
</div>`

const AS_ANOTHER = html`<div id="as-another" hidden>
<p>You are signed in as <strong data-signed-in-as></strong>, and this invitation is for another address. Sign out, then sign in with the one that was invited.</p>
<form id="sign-out-form" method="post" data-path="${auth.signOut.path}">
${renderProblem('form', 'sign-out-form')}
<button type="submit">Sign out</button>
</form>
</div>`

const SIGN_IN = html`<div id="sign-in" hidden>
<p>Sign in to accept. If you do so by passkey or with another provider, do it in this browser first, then open the link again.</p>
<form id="sign-in-form" method="post" novalidate data-path="${auth.signInEmail.path}">
${renderEmailField('sign-in-email')}
${renderFormField({
  id: 'sign-in-password',
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'current-password',
})}
${renderProblem('form', 'sign-in-form')}
<button type="submit">Sign in</button>
</form>
<div class="choices">
<button type="button" data-part="sign-up">Create an account</button>
</div>
</div>`

const SIGN_UP = html`<div id="sign-up" hidden>
<p>Create an account to accept.</p>
<form id="sign-up-form" method="post" novalidate data-path="${auth.signUpEmail.path}">
${renderEmailField('sign-up-email')}
${renderFormField({
  id: 'sign-up-name',
  name: 'name',
  label: 'Your name',
  type: 'text',
  autocomplete: 'name',
  attributes: html`maxlength="100"`,
})}
${renderFormField({
  id: 'sign-up-password',
  name: 'password',
  label: 'Password',
  hint: 'At least 8 characters. A few words that do not belong together are good.',
  type: 'password',
  autocomplete: 'new-password',
})}
${renderProblem('form', 'sign-up-form')}
<button type="submit">Create account</button>
</form>
<div class="choices">
<button type="button" data-part="sign-in">I have an account</button>
</div>
</div>`

const CONFIRM = html`<div id="confirm" hidden>
<p role="status"><strong>Open the mail that we sent to you first.</strong> Confirm your address by its link, then come back to this page, or open the link of the invitation again.</p>
<button type="button" class="go" data-part="sign-in">I have confirmed my address</button>
</div>`

const BODY = html`${LOADING_STEPS}
<section id="invitation" data-path="${invites.get.path}" data-session-path="${auth.getSession.path}" hidden>
<h1 tabindex="-1">You are invited</h1>
${[DETAILS, AS_INVITED, AS_ANOTHER, SIGN_IN, SIGN_UP, CONFIRM]}
</section>
${SECOND_FACTOR_STEP}
<section id="done" class="done" hidden>
<h1 tabindex="-1">Invitation accepted</h1>
<p>You are in <strong id="joined"></strong> now. You can close this page.</p>
</section>
<section id="over" hidden>
<h1 tabindex="-1">This invitation does not work</h1>
<p>It has expired, was used or cancelled, or a newer one took its place. Open the newest mail, or ask whoever invited you for a new invitation. You can close this page.</p>
</section>`

/** Takes the token of an invitation from the fragment of its address, says what it is for, and lets one accept it. */
export const renderInvitesPage = (host: string): RenderedPage =>
  renderPage(host, {
    status: 200,
    title: 'You are invited',
    body: BODY,
    script: PAGE_SCRIPT + FRAGMENT_SCRIPT + LOADING_SCRIPT + SECOND_FACTOR_SCRIPT + INVITES_SCRIPT,
  })
