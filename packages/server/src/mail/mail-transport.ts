import type { Mail } from './mail'

/** Hands a mail over to whoever delivers it. */
export interface MailTransport {
  /**
   * Resolves once the mail is in the other side's care; rejects if it is not, or if that is not known.
   * @param id of the outbox row: a repeat carries the same Message-ID
   */
  deliver(mail: Mail, id: string): Promise<void>
  close(): Promise<void>
}
