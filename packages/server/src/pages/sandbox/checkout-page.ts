import type { RenderedPage } from '../../http/dialect'
import { renderProblem } from '../form-field'
import { FRAGMENT_SCRIPT } from '../fragment-script'
import { html } from '../html'
import { renderDetails } from '../loading/details'
import { LOADING_SCRIPT } from '../loading/loading-script'
import { LOADING_STEPS } from '../loading/loading-steps'
import { PAGE_SCRIPT } from '../page-script'
import { renderPage } from '../render-page'
import { CHECKOUT_SCRIPT } from './checkout-script'
import { CARD_CHOICE, SANDBOX_NOTICE } from './sandbox-card'
import { SANDBOX_SCRIPT } from './sandbox-script'

const DETAILS = renderDetails({ organizationName: 'For', bought: 'You buy', price: 'Price' })

const PATH = '/api/sandbox/checkouts/:sessionId'

const BODY = html`${LOADING_STEPS}
<section id="checkout" data-path="${PATH}" hidden>
<h1 tabindex="-1">Sandbox checkout</h1>
${[SANDBOX_NOTICE, DETAILS]}
<form id="pay-form" method="post" data-path="${PATH}/pay">
${CARD_CHOICE}
${renderProblem('form', 'pay-form')}
<button type="submit" id="pay-button">Pay</button>
</form>
<form id="cancel-form" method="post" data-path="${PATH}/cancel">
${renderProblem('form', 'cancel-form')}
<div class="choices">
<button>Cancel</button>
</div>
</form>
</section>
<section id="complete" class="done" hidden>
<h1 tabindex="-1">This is paid already</h1>
<p>Nothing is left to do here.</p>
<button type="button" class="go" id="go-on">Go on</button>
</section>
<section id="nowhere" hidden>
<h1 tabindex="-1">This checkout is done</h1>
<p>Go back to where you came from. You can close this page.</p>
</section>
<section id="over" hidden>
<h1 tabindex="-1">This checkout is invalid or expired</h1>
<p>Begin again where you wanted to buy. You can close this page.</p>
</section>`

/** Stands for the checkout of a payment provider where none is set up. Takes the id from the fragment of its address. */
export const renderCheckoutPage = (host: string): RenderedPage =>
  renderPage(host, {
    status: 200,
    title: 'Sandbox checkout',
    body: BODY,
    script: PAGE_SCRIPT + FRAGMENT_SCRIPT + LOADING_SCRIPT + SANDBOX_SCRIPT + CHECKOUT_SCRIPT,
  })
