import type { RenderedPage } from '../../http/dialect'
import { renderProblem } from '../form-field'
import { FRAGMENT_SCRIPT } from '../fragment-script'
import { html } from '../html'
import { renderDetails } from '../loading/details'
import { LOADING_SCRIPT } from '../loading/loading-script'
import { LOADING_STEPS } from '../loading/loading-steps'
import { PAGE_SCRIPT } from '../page-script'
import { renderPage } from '../render-page'
import { PORTAL_SCRIPT } from './portal-script'
import { CARD_CHOICE, SANDBOX_NOTICE } from './sandbox-card'
import { SANDBOX_SCRIPT } from './sandbox-script'

const DETAILS = renderDetails({
  organizationName: 'For',
  bought: 'Plan',
  price: 'Price',
  status: 'Status',
  until: 'Paid until',
})

const BODY = html`${LOADING_STEPS}
<section id="portal" data-path="/api/sandbox/portals/:sessionId" hidden>
<h1 tabindex="-1">Sandbox billing</h1>
${[SANDBOX_NOTICE, DETAILS]}
<p role="status" id="next"></p>
<form id="card-form" method="post">
${CARD_CHOICE}
${renderProblem('form', 'card-form')}
<button type="submit">Use this card</button>
</form>
<form id="end-form" method="post">
${renderProblem('form', 'end-form')}
<div class="choices">
<button id="end-button">End the subscription</button>
</div>
</form>
</section>
<section id="over" hidden>
<h1 tabindex="-1">This page is invalid or expired</h1>
<p>Open it again from where you came from. You can close this page.</p>
</section>`

/** Stands for the billing portal of a payment provider. Takes the id from the fragment of its address. */
export const renderPortalPage = (host: string): RenderedPage =>
  renderPage(host, {
    status: 200,
    title: 'Sandbox billing',
    body: BODY,
    script: PAGE_SCRIPT + FRAGMENT_SCRIPT + LOADING_SCRIPT + SANDBOX_SCRIPT + PORTAL_SCRIPT,
  })
