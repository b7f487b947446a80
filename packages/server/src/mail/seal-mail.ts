import { openText, sealText } from '../sealing/seal-text'
import type { Mail } from './mail'

/** Seals a mail for its outbox row; moved to another row it does not open. @param key 32 bytes */
export const prepareMail = (mail: Mail, { key, id }: { key: Buffer; id: string }): string =>
  sealText(JSON.stringify(mail), { key, context: id })

/**
 * Opens what `prepareMail` sealed.
 * @throws Error if it is of another version, was changed, or belongs to another row or key
 */
export const openMail = (sealedMail: string, { key, id }: { key: Buffer; id: string }): Mail =>
  JSON.parse(openText(sealedMail, { key, context: id })) as Mail
