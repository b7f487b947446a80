import { describe, expect, it } from 'vitest'
import { composeAddressTakenMail } from './compose-address-taken-mail'
import { composeVerificationMail } from './compose-verification-mail'
import { layOutMail } from './mail-layout'

const recipient = { origin: 'https://auth.example.com', to: 'ada@example.com', name: 'Ada Lovelace' }
const verification = (overrides: Partial<typeof recipient & { token: string; validForMs: number }> = {}) =>
  composeVerificationMail({ ...recipient, token: 'tok-1', validForMs: 86_400_000, ...overrides })

describe('the verification mail', () => {
  it('holds one link, built from the configured origin, in text and HTML', () => {
    const mail = verification()
    const link = 'https://auth.example.com/api/auth/verify-email?token=tok-1'
    expect(mail).toMatchObject({ to: 'ada@example.com', subject: 'Confirm your e-mail address', link })
    expect(mail.text).toContain(`\n${link}\n`)
    expect(mail.html).toContain(`<a href="${link}"`)
    const urls = [...`${mail.text} ${mail.html}`.matchAll(/https?:\/\/[^\s"<]+/g)].map(
      ([url]) => new URL(url).origin,
    )
    expect(new Set(urls)).toEqual(new Set(['https://auth.example.com']))
  })

  it.each([
    [86_400_000, '24 hours'],
    [3_600_000, '1 hour'],
    [300_000, '5 minutes'],
  ])('says that a link of %i ms works for %s', (validForMs, words) => {
    expect(verification({ validForMs }).text).toContain(`within ${words}.`)
  })

  it('encodes the token', () => {
    expect(verification({ token: 'a&b="><script>' }).link).toBe(
      'https://auth.example.com/api/auth/verify-email?token=a%26b%3D%22%3E%3Cscript%3E',
    )
  })

  it('greets by name', () => {
    expect(verification().text).toMatch(/^Hello Ada Lovelace,\n/)
    expect(verification({ name: 'Zoë "Z" O’Neill-Świątek & Co' }).text).toContain(
      'Zoë "Z" O’Neill-Świątek & Co',
    )
  })
})

describe('the mail about a taken address', () => {
  it('says what to do, without a token', () => {
    const mail = composeAddressTakenMail(recipient)
    expect(mail.text).toContain('sign in with this address')
    expect(mail.link).toBeUndefined()
    expect(mail.html).not.toContain('<a ')
  })
})

describe('a hostile name', () => {
  it.each(['<b>bold</b>', '<img src=x onerror=alert(1)>', '"><script>x</script>', "'; DROP", '&lt;b&gt;'])(
    '%j stays text in HTML',
    name => {
      const { html } = verification({ name })
      expect(html).not.toMatch(/<(b|img|script)\b/)
      expect(html).not.toContain(name)
    },
  )

  it.each(['A\r\nBcc: x@example.com', 'A\n\nPlease pay', 'A\u2028B', 'A\u0000B', 'A\u202eB'])(
    '%j stays on the line of the greeting, without invisible characters',
    name => {
      const [greeting, second] = verification({ name }).text.split('\n')
      expect(greeting).toMatch(/^Hello[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*,$/u)
      expect(second).toBe('')
    },
  )

  it.each([
    'Win at http://evil.example',
    'evil.example',
    'www evil example',
    'call me@evil.example',
    'x'.repeat(61),
    ' \n ',
  ])('that carries a message, such as %j, is left out', name => {
    expect(verification({ name }).text).toMatch(/^Hello,\n/)
    expect(verification({ name }).html).toContain('>Hello,<')
  })
})

describe('the layout', () => {
  it('keeps the subject on one line, and escapes every part', () => {
    const mail = layOutMail({
      to: 'a@b.example',
      subject: 'Hi <b>\r\nBcc: x@y.example',
      name: 'A',
      paragraphs: ['<i>1</i>'],
      link: { label: '<u>2</u>', url: 'https://x.example/?a="><s>' },
      footer: '<q>3</q>',
    })
    expect(mail.subject).toBe('Hi <b> Bcc: x@y.example')
    expect(mail.html).not.toMatch(/<(b|i|u|s|q)>/)
  })
})
