import type { Mail } from './mail'
import { layOutMail } from './mail-layout'
import { buildTokenLink, describeDuration, type LinkRecipient } from './mail-recipient'

/** Asks to confirm an address by opening a link. */
export const composeVerificationMail = (recipient: LinkRecipient): Mail => {
  const { host } = new URL(recipient.origin)
  return layOutMail({
    to: recipient.to,
    subject: 'Confirm your e-mail address',
    name: recipient.name,
    paragraphs: [
      `Please confirm that this is your address, to use your account at ${host}. The link works once, within ${describeDuration(recipient.validForMs)}.`,
    ],
    link: { label: 'Confirm this address', url: buildTokenLink('/api/auth/verify-email', recipient) },
    footer: `This address was given at ${host}. If it was not by you, do nothing: the address stays unconfirmed.`,
  })
}
