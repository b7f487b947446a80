import type { TwoFactorChallenge } from '@snoop/sdk/contract'
import type { RenderedPage } from '../../http/dialect'
import { html } from '../html'
import { PAGE_SCRIPT } from '../page-script'
import { renderPage } from '../render-page'
import { SECOND_FACTOR_SCRIPT } from './second-factor-script'
import { SECOND_FACTOR_STEP, SIGNED_IN_STEP } from './second-factor-steps'

const START = `
// What the address holds was used up.
history.replaceState(null, '', location.pathname);
askSecondFactor(JSON.parse(find('second-factor-challenge').dataset.challenge));
`

/** Asks for the second factor of a sign-in that no app began. */
export const renderSecondFactorPage = (
  host: string,
  { challengeToken, methods }: TwoFactorChallenge,
): RenderedPage =>
  renderPage(host, {
    status: 200,
    title: 'One more step',
    body: html`<div id="second-factor-challenge" data-challenge="${JSON.stringify({ challengeToken, methods })}" hidden></div>
${SECOND_FACTOR_STEP}
${SIGNED_IN_STEP}
<section id="over" hidden>
<h1 tabindex="-1">This sign-in is over</h1>
<p>Begin again where you wanted to sign in. You can close this page.</p>
</section>`,
    script: PAGE_SCRIPT + SECOND_FACTOR_SCRIPT + START,
  })
