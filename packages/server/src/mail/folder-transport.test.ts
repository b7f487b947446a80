import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFolderTransport } from './folder-transport'

const mail = { to: 'ada@example.com', subject: 'Zoë <b>', text: 'Grüße', html: '<p>Grüße</p>' }

let parent: string
let folder: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'snoop-mails-'))
  folder = join(parent, 'data', 'outbox')
})
afterEach(() => rm(parent, { recursive: true }))

const open = () =>
  createFolderTransport({ folder, from: 'Snoop <no-reply@localhost>', origin: 'http://localhost:4000' })
const modeOf = async (path: string) => (await stat(path)).mode & 0o777

describe('a mail without a mail server', () => {
  it('becomes a file that a mail program can open, for the operator alone', async () => {
    await open().deliver(mail, '01ABC')
    expect(await readdir(folder)).toEqual(['01ABC.eml'])
    const file = join(folder, '01ABC.eml')
    expect(await PostalMime.parse(await readFile(file))).toMatchObject({
      from: { name: 'Snoop', address: 'no-reply@localhost' },
      to: [{ address: 'ada@example.com' }],
      subject: mail.subject,
      messageId: '<01ABC@localhost>',
      text: expect.stringMatching(/^Grüße\s*$/),
      html: expect.stringMatching(/^<p>Grüße<\/p>\s*$/),
    })
    expect(await modeOf(file)).toBe(0o600)
    expect(await modeOf(folder)).toBe(0o700)
  })

  it('is one file however often it is written', async () => {
    await Promise.all([open().deliver(mail, 'A'), open().deliver(mail, 'B')])
    await open().deliver({ ...mail, subject: 'again' }, 'A')
    expect((await readdir(folder)).sort()).toEqual(['A.eml', 'B.eml'])
    expect((await PostalMime.parse(await readFile(join(folder, 'A.eml')))).subject).toBe('again')
  })

  it('is not taken for sent if the folder cannot be written', async () => {
    folder = '/dev/null/outbox'
    await expect(open().deliver(mail, 'A')).rejects.toThrow('ENOTDIR')
  })
})
