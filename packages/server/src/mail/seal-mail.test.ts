import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openMail, prepareMail } from './seal-mail'

const key = randomBytes(32)
const mail = {
  to: 'ada@example.com',
  subject: 'Zoë',
  text: 'token-1',
  html: '<p>token-1</p>',
  link: 'https://x/?token-1',
}

describe('a sealed mail', () => {
  it('opens to what was sealed, with its key and id', () => {
    expect(openMail(prepareMail(mail, { key, id: 'A' }), { key, id: 'A' })).toEqual(mail)
  })

  it('shows nothing of the mail, and looks different every time', () => {
    const sealed = prepareMail(mail, { key, id: 'A' })
    expect(sealed).toMatch(/^v1\.[\w-]+$/)
    expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toContain('token-1')
    expect(prepareMail(mail, { key, id: 'A' })).not.toBe(sealed)
  })

  it('does not open with another key, or in the row of another mail', () => {
    const sealed = prepareMail(mail, { key, id: 'A' })
    expect(() => openMail(sealed, { key: randomBytes(32), id: 'A' })).toThrow()
    expect(() => openMail(sealed, { key, id: 'B' })).toThrow()
  })

  it('does not open once any byte of it was changed, nor cut short', () => {
    const sealed = prepareMail(mail, { key, id: 'A' })
    const bytes = Buffer.from(sealed.slice(3), 'base64url')
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes)
      changed[index]! ^= 1
      expect(() => openMail(`v1.${changed.toString('base64url')}`, { key, id: 'A' })).toThrow()
    }
    for (const length of [0, 12, 27, bytes.length - 1])
      expect(() =>
        openMail(`v1.${bytes.subarray(0, length).toString('base64url')}`, { key, id: 'A' }),
      ).toThrow()
  })

  it.each(['', 'v2.AAAA', 'v1', 'v1.A.B'])('of the form %j is refused', text => {
    expect(() => openMail(text, { key, id: 'A' })).toThrow(/sealed text/)
  })
})
