import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MailTransport } from './mail-transport'
import { type MailSender, renderMessage } from './render-message'

export interface FolderTransportOptions extends MailSender {
  /** Made if it is not there. */
  readonly folder: string
}

/** Writes each mail to `<folder>/<id>.eml`, for a server without a mail server. Only the operator can read the files. */
export const createFolderTransport = ({ folder, ...sender }: FolderTransportOptions): MailTransport => ({
  deliver: async (mail, id) => {
    const { createTransport } = await import('nodemailer')
    const renderer = createTransport({ streamTransport: true, buffer: true })
    const { message } = await renderer.sendMail(renderMessage(mail, id, sender))
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const partial = join(folder, `.${id}.partial`)
    await writeFile(partial, message, { mode: 0o600, flush: true })
    await rename(partial, join(folder, `${id}.eml`))
  },
  close: async () => {},
})
