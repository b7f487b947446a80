import { renderProblem } from '../form-field'
import { html } from '../html'

/** The steps of a page that asks the server what to show: while it waits, and when there was no answer. */
export const LOADING_STEPS = html`<section id="loading" hidden>
<h1 tabindex="-1">One moment</h1>
</section>
<section id="not-loaded" hidden>
<h1 tabindex="-1">This page could not be loaded</h1>
<form id="load-form" method="post">
${renderProblem('form', 'load-form')}
<button type="submit">Try again</button>
</form>
</section>`
