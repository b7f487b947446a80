import { escapeHtml } from '../html/escape-html'

/** Markup that goes to the browser as it is. Besides `html`, only our own styles and scripts may make it. */
export class Html {
  constructor(readonly markup: string) {}
}

type Part = string | Html | readonly Html[]

const markupOf = (part: Part): string => {
  if (typeof part === 'string') return escapeHtml(part)
  return part instanceof Html ? part.markup : part.map(({ markup }) => markup).join('\n')
}

/** Markup whose texts are escaped, for element content and for quoted attributes that hold no address. */
export const html = (literals: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(literals.map((literal, index) => literal + markupOf(parts[index] ?? '')).join(''))
