/** Longer raw text is no address, however much of it is invisible; Unicode's algorithms are slow on long text. */
export const MAX_RAW_EMAIL_LENGTH = 512

/** They change nothing that people see: zero-width characters, soft hyphens, marks of direction, variation selectors. */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu
/** No port, path, user, `%` or blank: nothing that a URL would take for something else than a host. */
const hostCharacters = /^[\p{L}\p{M}\p{Nd}.-]+$/u
const needsPunycode = /[^a-z0-9.-]|(?:^|\.)xn--/
const endsInOneDot = /(?<!\.)\.$/
/** Newer URL parsers take a domain of ASCII alone as it is; beside a label like this one they look at every label. */
const CHECKED = { label: 'é.', ascii: 'xn--9ca.' }

const lowerCase = (text: string): string =>
  // One by one: in a word, a final Σ would become ς, which is another letter in a domain than σ.
  Array.from(text, character => character.toLowerCase()).join('')

/** Lower case may let letters be composed that were not before. */
const fold = (text: string): string =>
  lowerCase(text.replace(invisible, '').normalize('NFKC')).normalize('NFKC').trim()

/**
 * The ASCII form of a lower-case domain, as browsers make it (WHATWG URL, UTS #46), without a dot at its end.
 * @returns undefined if it has none
 */
export const toAsciiDomain = (domain: string): string | undefined => {
  if (!hostCharacters.test(domain)) return undefined
  if (!needsPunycode.test(domain)) return domain.replace(endsInOneDot, '')
  try {
    const { hostname } = new URL(`http://${CHECKED.label}${domain}`)
    return hostname.slice(CHECKED.ascii.length).replace(endsInOneDot, '')
  } catch {
    return undefined
  }
}

/**
 * The one form of an e-mail address that it is checked, kept and looked up in: compatibility forms folded (NFKC), nothing
 * invisible, no blanks around, lower case, and the domain in its ASCII form (punycode) without a final dot. What has no
 * such form comes back as far as it got, for validation to refuse; a normal form stays as it is.
 */
export const normalizeEmail = (address: string): string => {
  if (address.length > MAX_RAW_EMAIL_LENGTH) return address
  const folded = fold(address)
  const [local, domain, ...more] = folded.split('@')
  if (local === undefined || domain === undefined || more.length > 0) return folded
  return `${local}@${toAsciiDomain(domain) ?? domain}`
}
