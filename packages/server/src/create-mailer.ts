import type { Mailer } from './domain/domain-context'
import { prepareMail } from './mail/seal-mail'

/** Seals each mail into a row of the outbox. @param key 32 bytes */
export const createMailer = (
  newId: () => string,
  clock: () => number,
  key: Buffer,
  wake: () => void,
): Mailer => ({
  put: async (stores, mail) => {
    const id = newId()
    const now = clock()
    await stores.outbox.insert({
      id,
      sealed_mail: prepareMail(mail, { key, id }),
      attempts: 0,
      next_attempt_at: now,
      sent_at: null,
      last_error: null,
      created_at: now,
    })
  },
  wake,
})
