import { type Html, html } from '../html'

/** A list of what the page's script shows by `showDetails`. @param labels by the names of the details */
export const renderDetails = (labels: Readonly<Record<string, string>>): Html => html`<dl>
${Object.entries(labels).map(
  ([name, label]) => html`<div><dt>${label}</dt><dd data-detail="${name}"></dd></div>`,
)}
</dl>`
