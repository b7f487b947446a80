import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pollUntil } from './poll-until.mjs'

/**
 * Waits for a mail in the outbox folder of a server without a mail server.
 * @param {string} outbox
 * @param {string} address of the receiver
 * @returns {Promise<{ file: string, subject: string, link: string }>}
 */
export const waitForMail = (outbox, address) =>
  pollUntil(() => findMail(outbox, address), { what: `a mail to ${address} in ${outbox}` })

const findMail = (outbox, address) => {
  const files = existsSync(outbox) ? readdirSync(outbox).filter(name => name.endsWith('.eml')) : []
  for (const name of files) {
    const file = join(outbox, name)
    const mail = decodeQuotedPrintable(readFileSync(file, 'utf8'))
    const receiver = /^To: .*$/im.exec(mail)?.[0] ?? ''
    const link = /https?:\/\/\S+?token=[\w-]+/.exec(mail)?.[0]
    if (receiver.includes(address) && link !== undefined) {
      return { file, subject: /^Subject: (.*)$/im.exec(mail)?.[1].trim() ?? '', link }
    }
  }
  return undefined
}

/** RFC 2045, section 6.7, as far as a link needs it. */
const decodeQuotedPrintable = text =>
  text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
