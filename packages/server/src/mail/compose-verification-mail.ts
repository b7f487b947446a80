import type { Mail } from './mail'
import { layOutMail } from './mail-layout'

/** Whom a mail goes to, and from which server. */
export interface MailRecipient {
  /** The configured public origin; links are built from nothing else. */
  readonly origin: string
  readonly to: string
  readonly name: string
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

const inWords = (durationMs: number): string => {
  const [count, unit] =
    durationMs % HOUR_MS === 0
      ? [durationMs / HOUR_MS, 'hour']
      : [Math.round(durationMs / MINUTE_MS), 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
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
    name,
    paragraphs: [
      `Please confirm that this is your address, to use your account at ${url.host}. The link works once, within ${inWords(validForMs)}.`,
    ],
    link: { label: 'Confirm this address', url: url.href },
    footer: `This address was given at ${url.host}. If it was not by you, do nothing: the address stays unconfirmed.`,
  })
}
