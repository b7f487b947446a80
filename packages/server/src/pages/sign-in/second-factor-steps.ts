import { contract, type SecondFactor } from '@snoop/sdk/contract'
import { type FormField, renderFormField, renderProblem } from '../form-field'
import { type Html, html } from '../html'

type CodeField = Pick<FormField, 'label' | 'hint' | 'autocomplete' | 'attributes'>

interface FactorForm {
  readonly path: string
  readonly field: CodeField
  /** On the button that chooses this factor instead of another one. */
  readonly choice: string
}

const SIX_DIGITS = html`inputmode="numeric" maxlength="20"`

const { twoFactor } = contract
const FACTORS: Readonly<Record<SecondFactor, FactorForm>> = {
  totp: {
    path: twoFactor.verifyTotp.path,
    field: {
      label: 'Code from your authenticator app',
      hint: '6 digits',
      autocomplete: 'one-time-code',
      attributes: SIX_DIGITS,
    },
    choice: 'Use your authenticator app',
  },
  email: {
    path: twoFactor.verifyOtp.path,
    field: {
      label: 'Code that we sent you by mail',
      hint: '6 digits',
      autocomplete: 'one-time-code',
      attributes: SIX_DIGITS,
    },
    choice: 'Send me a new code by mail',
  },
  'backup-code': {
    path: twoFactor.verifyBackupCode.path,
    field: {
      label: 'Backup code',
      hint: 'One of those that you kept when you turned on two-factor authentication. Each works once.',
      autocomplete: 'off',
      attributes: html`maxlength="40" autocapitalize="none" spellcheck="false"`,
    },
    choice: 'Use a backup code',
  },
}

const renderForm = (factor: string, { path, field }: FactorForm): Html =>
  html`<form id="${factor}-form" method="post" novalidate hidden data-factor="${factor}" data-path="${path}">
${renderFormField({ id: `${factor}-code`, name: 'code', type: 'text', ...field })}
${renderProblem('form', `${factor}-form`)}
<button type="submit">Sign in</button>
</form>`

const factors = Object.entries(FACTORS)

/** The step that asks for the second factor of a sign-in. */
export const SECOND_FACTOR_STEP = html`<section id="second-factor" data-send-code-path="${twoFactor.sendOtp.path}" hidden>
<h1 tabindex="-1">One more step</h1>
<p>Your account asks for a second proof that it is you.</p>
${factors.map(([factor, form]) => renderForm(factor, form))}
<div class="choices">
${factors.map(([factor, { choice }]) => html`<button type="button" data-choose="${factor}" hidden>${choice}</button>`)}
</div>
</section>`

/** Where a sign-in ends that was the aim itself. */
export const SIGNED_IN_STEP = html`<section id="signed-in" class="done" hidden>
<h1 tabindex="-1">Signed in</h1>
<p id="signed-in-as"></p>
<p>You can close this page.</p>
</section>`
