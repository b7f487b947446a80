import { isLoopbackHost } from '../config/loopback-host'
import type { MailTransport } from './mail-transport'
import { type MailSender, renderMessage } from './render-message'

const CONNECTION_TIMEOUT_MS = 10_000
const SOCKET_TIMEOUT_MS = 30_000
/** Ends a delivery whatever the mail server does; well below the outbox worker's lease. */
const DELIVERY_TIMEOUT_MS = 60_000

export interface SmtpTransportOptions extends MailSender {
  /** `smtp://` or `smtps://`, with user and password where the server asks for them. */
  readonly smtpUrl: string
}

/** A password crosses a network by TLS alone, even if somebody on the way strips STARTTLS from the server's answer. */
const mustUseTls = (smtpUrl: string): boolean => {
  const { username, hostname } = new URL(smtpUrl)
  return username !== '' && !isLoopbackHost(hostname)
}

const openPool = async (smtpUrl: string) => {
  const { createTransport } = await import('nodemailer')
  return createTransport({
    url: smtpUrl,
    pool: true,
    // One delivery is one attempt: the outbox decides when there is another.
    maxRequeues: 0,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: CONNECTION_TIMEOUT_MS,
    dnsTimeout: CONNECTION_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    logger: false,
    ...(mustUseTls(smtpUrl) ? { requireTLS: true } : {}),
  })
}

/** Delivers to a mail server over kept connections. Connects, and loads its library, at the first mail. */
export const createSmtpTransport = ({ smtpUrl, ...sender }: SmtpTransportOptions): MailTransport => {
  let opening: ReturnType<typeof openPool> | undefined
  return {
    deliver: async (mail, id) => {
      opening ??= openPool(smtpUrl)
      const pool = await opening
      const signal = AbortSignal.timeout(DELIVERY_TIMEOUT_MS)
      await pool.sendMail({ ...renderMessage(mail, id, sender), signal })
    },
    close: async () => {
      const pool = await opening
      pool?.close()
    },
  }
}
