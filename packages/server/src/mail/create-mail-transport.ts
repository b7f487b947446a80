import { join } from 'node:path'
import type { Config } from '../config/config'
import type { Logger } from '../observability/logger'
import { createFolderTransport } from './folder-transport'
import { logMailLinks } from './log-mail-links'
import type { MailTransport } from './mail-transport'
import { createSmtpTransport } from './smtp-transport'

/**
 * The way out that the operator chose: a mail server, or files in `<dataDir>/outbox`. In development the links are
 * logged too.
 * @param origin the server's public origin
 */
export const createMailTransport = (
  config: Pick<Config, 'smtpUrl' | 'mailFrom' | 'dataDir' | 'mode'>,
  { origin, logger }: { readonly origin: string; readonly logger: Logger },
): MailTransport => {
  const sender = { from: config.mailFrom, origin }
  const transport =
    config.smtpUrl === undefined
      ? createFolderTransport({ folder: join(config.dataDir, 'outbox'), ...sender })
      : createSmtpTransport({ smtpUrl: config.smtpUrl, ...sender })
  return config.mode === 'development' ? logMailLinks(transport, logger) : transport
}
