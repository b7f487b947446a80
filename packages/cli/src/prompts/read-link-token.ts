const TOKEN = /^[A-Za-z0-9_-]{1,200}$/

const isBare = ({ searchParams, hash }: URL): boolean =>
  !searchParams.has('token') && TOKEN.test(hash.slice(1))

/**
 * Where in a pasted link its token stands: in the query of a mail's link, after `#` on the page that it leads to. In the
 * link of an invitation nothing else stands after `#`.
 */
const tokenOf = (url: URL): string | null => {
  const named = url.searchParams.get('token') ?? new URLSearchParams(url.hash.slice(1)).get('token')
  return named ?? (isBare(url) ? url.hash.slice(1) : null)
}

/** What was pasted, taken apart: its token, or what is wrong with it in words. Neither quotes what was pasted. */
export type PastedLink = { readonly token: string } | { readonly complaint: string }

const readLink = (url: URL, origin: string): PastedLink => {
  if (url.origin !== origin) {
    const mark = isBare(url) ? '#' : 'token='
    return {
      complaint: `This link leads to ${url.origin}, not to ${origin}. If that is the same server, paste what stands after ${mark} in it`,
    }
  }
  const token = tokenOf(url)
  return token !== null && TOKEN.test(token) ? { token } : { complaint: 'There is no token in this link' }
}

/**
 * Reads the token from what somebody pasted: a link from a mail, or the token alone. The link is only read: nothing is
 * sent to where it leads.
 * @param origin of the server in use; a link to any other is refused
 */
export const readLinkToken = (pasted: string, origin: string): PastedLink => {
  const text = pasted.trim()
  if (TOKEN.test(text)) return { token: text }
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return readLink(new URL(text), origin)
  return { complaint: text === '' ? 'Needed' : 'This is no link from a mail, and no token' }
}
