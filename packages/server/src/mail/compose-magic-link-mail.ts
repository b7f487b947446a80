import type { Mail } from './mail'
import { layOutMail } from './mail-layout'
import { buildTokenLink, describeDuration, type LinkRecipient } from './mail-recipient'

/** Holds the link that signs in without a password. */
export const composeMagicLinkMail = (recipient: LinkRecipient): Mail => {
  const { host } = new URL(recipient.origin)
  return layOutMail({
    to: recipient.to,
    subject: 'Your link to sign in',
    name: recipient.name,
    paragraphs: [
      `Somebody asked for a link to sign in to your account at ${host}. If it was you, open it in the browser in which you want to be signed in. The link works once, within ${describeDuration(recipient.validForMs)}.`,
      'Whoever opens it is signed in as you: never pass it on. If it was not you who asked, do nothing.',
    ],
    link: { label: 'Sign in', url: buildTokenLink('/api/auth/magic-link/verify', recipient) },
    footer: `This mail concerns your account at ${host}.`,
  })
}
