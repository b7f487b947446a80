import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** A real SMTP server that keeps what it is given. */
export interface TestMailServer {
  /** For the `smtpUrl` setting. */
  readonly url: string
  readonly port: number
  /** All that came, oldest first. */
  readonly received: readonly Email[]
  /** The newest mail to `address` whose subject fits; waits until there is one that was not given out before. */
  next(address: string, subject: RegExp): Promise<Email>
  stop(): Promise<void>
}

/** @param port 0: any free one */
export const startMailServer = async (port = 0): Promise<TestMailServer> => {
  const received: Email[] = []
  const givenOut = new Set<Email>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: async (stream, _session, callback) => {
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk)
      received.push(await PostalMime.parse(Buffer.concat(chunks)))
      callback(null)
    },
  })
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  const bound = (server.server.address() as AddressInfo).port
  return {
    url: `smtp://127.0.0.1:${bound}`,
    port: bound,
    received,
    next: async (address, subject) => {
      for (;;) {
        const mail = received.findLast(
          candidate =>
            !givenOut.has(candidate) &&
            candidate.to?.some(to => to.address === address) &&
            subject.test(candidate.subject ?? ''),
        )
        if (mail) {
          givenOut.add(mail)
          return mail
        }
        await new Promise(resolve => setTimeout(resolve, 5))
      }
    },
    stop: () => new Promise(resolve => server.close(() => resolve())),
  }
}
