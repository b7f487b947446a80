import type { Mail } from './mail'

/** Who sends, and what makes Message-IDs recognisable as this server's. */
export interface MailSender {
  /** Such as `Snoop <no-reply@example.com>`. */
  readonly from: string
  /** The server's public origin. */
  readonly origin: string
}

/**
 * The mail as nodemailer takes it. The Message-ID follows from the outbox row, so that a receiver recognises a repeat;
 * `Auto-Submitted` keeps out-of-office answers away (RFC 3834). The address goes in as an object: text would be parsed
 * as a list of addresses.
 */
export const renderMessage = (mail: Mail, id: string, { from, origin }: MailSender) => ({
  from,
  to: { name: '', address: mail.to },
  subject: mail.subject,
  text: mail.text,
  html: mail.html,
  messageId: `<${id}@${new URL(origin).hostname}>`,
  headers: { 'Auto-Submitted': 'auto-generated' },
  disableFileAccess: true,
  disableUrlAccess: true,
})
