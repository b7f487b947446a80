const WEIGHT = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

/** Media ranges of an `Accept` header with their weights (RFC 9110, 12.5.1); one that cannot be read weighs nothing. */
const readWeights = (accept: string): ReadonlyMap<string, number> => {
  const weights = new Map<string, number>()
  for (const range of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = range.split(';').map(part => part.trim())
    const weight = parameters.find(parameter => parameter.startsWith('q='))
    weights.set(name, weight === undefined ? 1 : Number(WEIGHT.exec(weight)?.[1] ?? 0))
  }
  return weights
}

/**
 * Whether a page is asked for, as a browser does that opens an address: `text/html` is named, and JSON is not preferred.
 * Programs send no `Accept`, one that takes anything, or `application/json`.
 */
export const prefersHtml = (accept: string | undefined): boolean => {
  if (accept === undefined) return false
  const weights = readWeights(accept)
  const html = weights.get('text/html') ?? 0
  const json = weights.get('application/json') ?? weights.get('application/*') ?? weights.get('*/*') ?? 0
  return html > 0 && html >= json
}
