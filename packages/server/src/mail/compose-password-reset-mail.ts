import type { Mail } from './mail'
import { layOutMail } from './mail-layout'
import { buildTokenLink, describeDuration, type LinkRecipient } from './mail-recipient'

/** Holds the link that leads to choosing a new password. */
export const composePasswordResetMail = (recipient: LinkRecipient): Mail => {
  const { host } = new URL(recipient.origin)
  return layOutMail({
    to: recipient.to,
    subject: 'Reset your password',
    name: recipient.name,
    paragraphs: [
      `Somebody asked to reset the password of your account at ${host}. If it was you, open the link below and choose a new one, or paste the link into "snoop password reset". The link works once, within ${describeDuration(recipient.validForMs)}.`,
      'If it was not you, do nothing: your password is as it was. Pass the link on to nobody.',
    ],
    link: { label: 'Choose a new password', url: buildTokenLink('/api/auth/reset-password', recipient) },
    footer: `This mail concerns your account at ${host}.`,
  })
}
