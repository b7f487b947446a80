type Form = { [name: string]: string | Form }

const isList = (keys: readonly string[]): boolean => keys.length > 0 && keys.every(key => /^\d+$/.test(key))

const toLists = (form: Form): unknown => {
  const entries = Object.entries(form).map(
    ([name, value]) => [name, typeof value === 'string' ? value : toLists(value)] as const,
  )
  return isList(entries.map(([name]) => name))
    ? entries.map(([, value]) => value)
    : Object.fromEntries(entries)
}

/** Texts, lists and further forms by their names, whatever was sent. */
// biome-ignore lint/suspicious/noExplicitAny: looked into by a fake that trusts its caller
export type StripeForm = Record<string, any>

/** A body as Stripe takes it: `a[b]=1&list[0][c]=2`. All values are texts. */
export const formOf = (body: string): StripeForm => {
  const form: Form = {}
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.split(/[[\]]+/).filter(part => part !== '')
    const last = path.pop() ?? ''
    let place = form
    for (const part of path) {
      const found = place[part]
      const next: Form = typeof found === 'object' ? found : {}
      place[part] = next
      place = next
    }
    place[last] = value
  }
  return toLists(form) as StripeForm
}
