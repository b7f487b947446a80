import type { Mail } from './mail'
import { layOutMail } from './mail-layout'
import { buildTokenLink, describeDuration, type LinkRecipient } from './mail-recipient'

/** Asks at the new address of an account to confirm it by opening a link; until then the old address counts. */
export const composeEmailChangeMail = (recipient: LinkRecipient): Mail => {
  const { host } = new URL(recipient.origin)
  return layOutMail({
    to: recipient.to,
    subject: 'Confirm your new e-mail address',
    name: recipient.name,
    paragraphs: [
      `Please confirm that this is to be the address of your account at ${host}. Until then the old one counts. The link works once, within ${describeDuration(recipient.validForMs)}.`,
    ],
    link: { label: 'Use this address', url: buildTokenLink('/api/auth/verify-email', recipient) },
    footer: `This address was given at ${host} as the new one of an account. If it was not by you, do nothing: nothing changes.`,
  })
}
