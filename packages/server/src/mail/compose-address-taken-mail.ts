import type { MailRecipient } from './compose-verification-mail'
import type { Mail } from './mail'
import { layOutMail } from './mail-layout'

/** Tells the owner of an account that somebody tried to sign up with its address. Holds no link with a token. */
export const composeAddressTakenMail = ({ origin, to, name }: MailRecipient): Mail =>
  layOutMail({
    to,
    subject: 'You already have an account',
    greetingName: name,
    paragraphs: [`Somebody tried to create an account at ${origin} with this address.`],
    footer: 'If it was not you, ignore this mail.',
  })
