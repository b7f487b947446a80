import type { Mail } from './mail'
import { layOutMail } from './mail-layout'
import { describeDuration, type MailRecipient } from './mail-recipient'

/** A code to type in, without a link. It stays out of the subject, which a locked screen would show. */
export const composeTwoFactorCodeMail = ({
  origin,
  to,
  name,
  code,
  validForMs,
}: MailRecipient & { readonly code: string; readonly validForMs: number }): Mail => {
  const { host } = new URL(origin)
  return layOutMail({
    to,
    subject: 'Your security code',
    name,
    paragraphs: [
      `This is your code for ${host}. It works once, within ${describeDuration(validForMs)}.`,
      code,
      `Type it only where you asked for it, at ${host}. Nobody of the service will ever ask you for it.`,
      'If you did not ask for a code, somebody may know your password: choose a new one at the sign-in page, or with "snoop password reset".',
    ],
    footer: `This mail concerns your account at ${host}.`,
  })
}
