import { contract, ERROR_CATALOGUE } from '@snoop/sdk/contract'
import type { RenderedPage } from '../../http/dialect'
import { renderProblem } from '../form-field'
import { html } from '../html'
import { PAGE_SCRIPT } from '../page-script'
import { renderPage } from '../render-page'
import { MAGIC_LINK_SCRIPT } from './magic-link-script'
import { SECOND_FACTOR_SCRIPT } from './second-factor-script'
import { SECOND_FACTOR_STEP, SIGNED_IN_STEP } from './second-factor-steps'

const { message, remedy } = ERROR_CATALOGUE.INVALID_TOKEN

/**
 * Asks whether to sign in, before the link is used: scanners of mail open every link, and somebody else's link would
 * sign the reader in to an account that is not theirs.
 */
export const renderMagicLinkPage = (host: string): RenderedPage =>
  renderPage(host, {
    status: 200,
    title: 'Sign in',
    body: html`<section id="ask" hidden>
<h1 tabindex="-1">Sign in to ${host}</h1>
<p>Go on only if it was you who asked for this link.</p>
<form id="magic-link-form" method="post" data-path="${contract.auth.verifyMagicLink.path}">
${renderProblem('form', 'magic-link-form')}
<button type="submit">Sign in</button>
</form>
</section>
${SECOND_FACTOR_STEP}
${SIGNED_IN_STEP}
<section id="over" hidden>
<h1 tabindex="-1">${message}</h1>
<p>${remedy} You can close this page.</p>
</section>`,
    script: PAGE_SCRIPT + SECOND_FACTOR_SCRIPT + MAGIC_LINK_SCRIPT,
  })
