import type { Mail } from './mail'
import { layOutMail } from './mail-layout'

/** Whom a mail goes to, and from which server. */
export interface MailRecipient {
  /** The configured public origin; links are built from nothing else. */
  readonly origin: string
  readonly to: string
  readonly name: string
}

/**
 * Asks to confirm an address by opening a link.
 * @param token of the link
 * @param validForMs how long the link works
 */
export const composeVerificationMail = ({
  origin,
  to,
  name,
  token,
  validForMs,
}: MailRecipient & { readonly token: string; readonly validForMs: number }): Mail => {
  const url = new URL('/api/auth/verify-email', origin)
  url.searchParams.set('token', token)
  return layOutMail({
    to,
    subject: 'Confirm your e-mail address',
    greetingName: name,
    paragraphs: [`Open the link to confirm this address. It works once, within ${validForMs} ms.`],
    link: { label: 'Confirm this address', url: url.href },
    footer: 'If it was not you, ignore this mail.',
  })
}
