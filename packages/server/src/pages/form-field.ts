import { Html, html } from './html'

/** One input of a form, with its label and the place for what is wrong with it. */
export interface FormField {
  /** Unlike every other of the page. */
  readonly id: string
  /** As the API names it in `meta.errors`. */
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly type: 'password' | 'text' | 'email'
  readonly autocomplete: 'username' | 'current-password' | 'new-password' | 'name' | 'one-time-code' | 'off'
  /** Further attributes. */
  readonly attributes?: Html
}

/** Where the script says what is wrong with a field, or with the form as a whole. */
export const renderProblem = (name: string, id: string): Html =>
  html`<p class="problem" id="${id}-problem" data-problem-of="${name}" aria-live="polite"></p>`

export const renderFormField = ({
  id,
  name,
  label,
  hint,
  type,
  autocomplete,
  attributes,
}: FormField): Html => html`<label for="${id}">${label}</label>
${hint === undefined ? new Html('') : html`<p class="hint" id="${id}-hint">${hint}</p>`}
<input id="${id}" name="${name}" type="${type}" autocomplete="${autocomplete}" required aria-describedby="${hint === undefined ? '' : `${id}-hint `}${id}-problem" ${attributes ?? new Html('')}>
${renderProblem(name, id)}`
