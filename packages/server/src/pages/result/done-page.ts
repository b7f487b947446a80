import type { RenderedPage } from '../../http/dialect'
import { html } from '../html'
import { renderPage } from '../render-page'

/** Says that what the link was for is done. @param details a sentence for each thing worth knowing */
export const renderDonePage = (
  host: string,
  status: number,
  message: string,
  details: readonly string[],
): RenderedPage =>
  renderPage(host, {
    status,
    title: message,
    body: html`<section class="done">
<h1>${message}</h1>
<p>${[...details, 'You can close this page.'].join(' ')}</p>
</section>`,
  })
