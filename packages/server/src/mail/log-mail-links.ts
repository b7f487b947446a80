import type { Logger } from '../observability/logger'
import type { MailTransport } from './mail-transport'

/** Also logs the link of each delivered mail. For development only: such a link is a secret. */
export const logMailLinks = (transport: MailTransport, logger: Logger): MailTransport => ({
  ...transport,
  deliver: async (mail, id) => {
    await transport.deliver(mail, id)
    logger.info({ event: 'mail', to: mail.to, subject: mail.subject, link: mail.link }, 'mail delivered')
  },
})
