import type { Mail } from './mail'
import { layOutMail } from './mail-layout'
import type { MailRecipient } from './mail-recipient'

/** Tells the owner of an account that somebody wanted its address for another one. Holds no link. */
export const composeAddressTakenMail = ({ origin, to, name }: MailRecipient): Mail => {
  const { host } = new URL(origin)
  return layOutMail({
    to,
    subject: 'You already have an account',
    name,
    paragraphs: [
      `Somebody wanted to use this address for another account at ${host}, but it has one already. Nothing was changed.`,
      'If it was you: sign in with this address and the password of your account. If you have forgotten it, ask for a reset at the sign-in page, or with "snoop password reset".',
      'If it was not you, you need do nothing: whoever it was has not learnt that the account exists.',
    ],
    footer: `This mail concerns your account at ${host}.`,
  })
}
