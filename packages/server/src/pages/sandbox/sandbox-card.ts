import { SANDBOX_CARDS, type SandboxCard } from '../../domain/payments/sandbox/sandbox-card'
import { Html, html } from '../html'

/** What becomes of the payments of the sandbox's cards. */
const LABELS: Readonly<Record<SandboxCard, string>> = {
  pays: 'Pays',
  declined: 'Is declined',
  'pays-once': 'Pays now, fails at the renewal',
}

const renderCard = (card: SandboxCard): Html =>
  html`<div class="option">
<input id="card-${card}" name="card" type="radio" value="${card}" autocomplete="off" required ${new Html(card === 'pays' ? 'checked' : '')}>
<label for="card-${card}">${LABELS[card]}</label>
</div>`

/** Says that nothing is paid in truth. */
export const SANDBOX_NOTICE = html`<p class="notice"><strong>This is a sandbox.</strong> No money is taken and no real card is asked for, whatever you choose.</p>`

/** Lets one choose a card. */
export const CARD_CHOICE = html`<fieldset>
<legend>Test card</legend>
${SANDBOX_CARDS.map(renderCard)}
</fieldset>`
