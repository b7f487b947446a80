import { createTransport } from 'nodemailer'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { composeAddressTakenMail } from './compose-address-taken-mail'
import { composeEmailChangeMail } from './compose-email-change-mail'
import { composeInvitationMail } from './compose-invitation-mail'
import { composeMagicLinkMail } from './compose-magic-link-mail'
import { composePasswordResetMail } from './compose-password-reset-mail'
import { composeSecurityNotice, type SecurityNotice } from './compose-security-notice'
import { composeTwoFactorCodeMail } from './compose-two-factor-code-mail'
import { composeVerificationMail } from './compose-verification-mail'
import type { Mail } from './mail'
import { layOutMail } from './mail-layout'
import { describeDuration } from './mail-recipient'
import { renderMessage } from './render-message'

const ORIGIN = 'https://auth.example.com'
const recipient = { origin: ORIGIN, to: 'ada@example.com', name: 'Ada Lovelace' }
const link = { ...recipient, token: 'tok-1', validForMs: 3_600_000 }
const invitation = {
  origin: ORIGIN,
  to: 'ada@example.com',
  token: 'tok-1',
  validForMs: 7 * 86_400_000,
  organizationName: 'Acme & Sons',
  role: 'admin',
  inviterName: 'Grace Hopper',
}
const notify = (notice: SecurityNotice) => composeSecurityNotice(recipient, notice)

/** Each mail, with `text` wherever somebody other than us could choose one. */
const everyMail = (text: string): Record<string, Mail> => {
  const to = { ...recipient, name: text }
  const linked = { ...to, token: text, validForMs: 300_000 }
  const notices: SecurityNotice[] = [
    { kind: 'password-changed' },
    { kind: 'password-reset', liveKeys: 2 },
    { kind: 'email-change-requested', newEmail: text },
    { kind: 'email-changed', newEmail: `x@${text}` },
    { kind: 'two-factor-enabled', method: 'totp' },
    { kind: 'two-factor-enabled', method: 'email' },
    { kind: 'two-factor-disabled' },
    { kind: 'backup-codes-made' },
    { kind: 'passkey-added', name: text },
    { kind: 'passkey-removed', name: text },
    { kind: 'social-linked', provider: text },
    {
      kind: 'api-key-made',
      name: text,
      format: 'ba',
      rights: ['projects:read', text],
      isReplacement: false,
    },
    { kind: 'new-device', device: text, ipAddress: text, method: text },
    { kind: 'account-deleted' },
  ]
  return {
    verification: composeVerificationMail(linked),
    'e-mail change': composeEmailChangeMail(linked),
    'password reset': composePasswordResetMail(linked),
    'magic link': composeMagicLinkMail(linked),
    'address taken': composeAddressTakenMail(to),
    invitation: composeInvitationMail({
      ...invitation,
      token: text,
      organizationName: text,
      inviterName: text,
    }),
    'two-factor code': composeTwoFactorCodeMail({ ...to, code: '012345', validForMs: 300_000 }),
    ...Object.fromEntries(
      notices.map((notice, index) => [
        `${notice.kind} ${index}`,
        composeSecurityNotice(to, { ...notice, occurredAt: 0 }),
      ]),
    ),
  }
}

const LINKS = [
  'Win at http://evil.example',
  'evil.example',
  'evil．example',
  'evil。example',
  'e\u200bvil.\u2060example',
  'ｗｗｗ evil',
  'www evil example',
  'call me＠evil',
  'me@evil.example',
  'tel:evil-0800',
  '10.0.0.1 evil',
  'evil 0800.123.4567',
  '\\\\evil\\share',
  `${'x'.repeat(70)} evil.example`,
  'evil +1 555 0100',
  'evil (0800) 123-4567',
]

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const inWords = (text: string): string => text.replace(/\s+/g, ' ').trim()
const wordsOfHtml = (html: string): string =>
  inWords(html.replace(/<head>.*<\/head>/s, '').replace(/<[^>]*>/g, ' ')).replace(
    /&([a-z0-9#]+);/g,
    (_, entity: string) => ENTITIES[entity] ?? '?',
  )

const LINKED = {
  verification: { compose: composeVerificationMail, path: '/api/auth/verify-email' },
  'e-mail change': { compose: composeEmailChangeMail, path: '/api/auth/verify-email' },
  'password reset': { compose: composePasswordResetMail, path: '/api/auth/reset-password' },
  'magic link': { compose: composeMagicLinkMail, path: '/api/auth/magic-link/verify' },
}

describe.each(Object.entries(LINKED))('the %s mail', (_name, { compose, path }) => {
  it('holds one link, built from the configured origin, in text and HTML', () => {
    const mail = compose(link)
    expect(mail).toMatchObject({ to: 'ada@example.com', link: `${ORIGIN}${path}?token=tok-1` })
    expect(mail.text).toContain(`\n${mail.link}\n`)
    expect(mail.html).toContain(`<a href="${mail.link}"`)
    expect(mail.text.match(/token=/g)).toHaveLength(1)
  })

  it('says how long the link works, that it works once, and what to do if it was not asked for', () => {
    expect(inWords(compose({ ...link, validForMs: 300_000 }).text)).toContain(
      'The link works once, within 5 minutes.',
    )
    expect(compose(link).text).toMatch(/not (by )?you.*do nothing/)
  })

  it('encodes the token', () => {
    expect(compose({ ...link, token: 'a&b="><script>#/../x' }).link).toBe(
      `${ORIGIN}${path}?token=a%26b%3D%22%3E%3Cscript%3E%23%2F..%2Fx`,
    )
  })

  it.each(['//evil.example', 'https://evil.example/', '@evil.example', '/../../x?y', '\\\\evil.example'])(
    'leads to the origin, whatever the token, such as %j',
    token => {
      const url = new URL(compose({ ...link, token }).link ?? '')
      expect([url.origin, url.pathname, url.searchParams.get('token')]).toEqual([ORIGIN, path, token])
    },
  )
})

describe('the invitation mail', () => {
  it('holds one link, whose token no server on the way sees, in text and HTML', () => {
    const mail = composeInvitationMail(invitation)
    expect(mail).toMatchObject({ to: 'ada@example.com', link: `${ORIGIN}/invites#tok-1` })
    expect(mail.text).toContain(`\n${mail.link}\n`)
    expect(mail.html).toContain(`<a href="${mail.link}"`)
    expect(mail.text.match(/tok-1/g)).toHaveLength(1)
  })

  it('says who asks, to what, for how long, how to accept, and that doing nothing is fine', () => {
    const { text, html, subject } = composeInvitationMail(invitation)
    const facts = ['Organization: Acme & Sons', 'Your role: admin', 'Invited by: Grace Hopper']
    expect(text).toContain(`\n\n${facts.join('\n')}\n\n`)
    expect(html).toContain('>Organization: Acme &amp; Sons<br>Your role: admin<br>')
    expect(inWords(text)).toContain('The link works once, within 7 days.')
    expect(inWords(text)).toContain('"snoop invites accept"')
    expect(text).toMatch(/do nothing/)
    expect(subject).toBe('You are invited to an organization')
  })

  it.each(['//evil.example', 'https://evil.example/', '@evil.example', '?x', '#y', 'a"><script>'])(
    'leads to the origin, whatever the token, such as %j',
    token => {
      const { link = '', html } = composeInvitationMail({ ...invitation, token })
      const url = new URL(link)
      expect([url.origin, url.pathname, url.search]).toEqual([ORIGIN, '/invites', ''])
      expect(html).not.toContain('<script')
    },
  )

  it.each(LINKS)('shows no name that a mail program could make a link of, such as %j', name => {
    const { text } = composeInvitationMail({ ...invitation, organizationName: name, inviterName: name })
    expect(text).toContain('\nOrganization: (not shown, as it is not plain text)\n')
    expect(text).toContain('\nInvited by: (not shown, as it is not plain text)\n')
  })
})

describe('what a mail says', () => {
  it.each([
    [86_400_000, '24 hours'],
    [3_600_000, '1 hour'],
    [5_400_000, '90 minutes'],
    [300_000, '5 minutes'],
    [90_000, '90 seconds'],
    [1500, '1 second'],
  ])('%i ms are %s: never more than there are', (durationMs, words) => {
    expect(describeDuration(durationMs)).toBe(words)
  })

  it('greets by name', () => {
    expect(composeVerificationMail(link).text).toMatch(/^Hello Ada Lovelace,\n/)
    const name = 'Zoë "Z" O’Neill-Świątek & Co'
    expect(composeVerificationMail({ ...link, name }).text).toContain(name)
  })

  it('about a taken address: how to get in, without a token', () => {
    const mail = composeAddressTakenMail(recipient)
    expect(mail.text).toContain('sign in with this address')
    expect(mail.text).toContain('"snoop password reset"')
    expect(mail.link).toBeUndefined()
    expect(mail.html).not.toContain('<a ')
  })

  it('about a password reset: that the link can be pasted', () => {
    expect(composePasswordResetMail(link).text).toContain('paste the link into "snoop password reset"')
  })

  it('about a code: the code on a line of its own, not in the subject, and that nobody asks for it', () => {
    const mail = composeTwoFactorCodeMail({ ...recipient, code: '012345', validForMs: 300_000 })
    expect(mail.text).toContain('\n\n012345\n\n')
    expect(mail.html).toContain('>012345</p>')
    expect(mail.subject).not.toContain('012345')
    expect(mail.html).not.toMatch(/<title>[^<]*012345/)
    expect(mail.text).toContain('Nobody of the service will ever ask you for it')
    expect(mail.text).toContain('within 5 minutes')
    expect(mail.link).toBeUndefined()
  })
})

describe('a security notice', () => {
  it('says when it happened, in UTC, if that is known', () => {
    const occurredAt = Date.UTC(2026, 10, 22, 9, 7, 59)
    expect(notify({ kind: 'password-changed', occurredAt }).text).toContain(
      '\nWhen: 22 November 2026, 09:07 UTC\n',
    )
    expect(notify({ kind: 'password-changed' }).text).not.toContain('When')
  })

  it.each(Object.entries(everyMail('x')).slice(7))('%s says what to do if it was not you', (_kind, mail) => {
    expect(mail.text).toMatch(/If it was not you.*(reset your password|whoever runs the service)/)
    expect(mail.text).toContain('account at auth.example.com')
    expect(mail.link).toBeUndefined()
  })

  it.each([
    [0, undefined],
    [1, 'One API key keeps working.'],
    [3, '3 API keys keep working.'],
  ])('of a reset with %i live keys says so: %s', (liveKeys, words) => {
    const { text } = notify({ kind: 'password-reset', liveKeys })
    expect(text).toContain('Every session was ended')
    if (words) expect(text).toContain(`${words} Look through your API keys with "snoop keys list"`)
    else expect(text).not.toContain('API key')
  })

  it.each([
    ['ada.lovelace@example.com', 'a***@example.com'],
    ['"a b"@example.com', '***@example.com'],
    ['zoë@mail.example.co', 'z***@mail.example.co'],
    ['a@call-us-now', 'a***'],
    [`a@${'long-'.repeat(12)}.example`, 'a***'],
    ['a@b.example your account is locked', 'a***'],
    ['a@b.example\nx', 'a***'],
  ])('masks the new address %j as %s', (newEmail, masked) => {
    for (const kind of ['email-change-requested', 'email-changed'] as const) {
      expect(notify({ kind, newEmail }).text).toContain(`\nNew address: ${masked}\n`)
    }
  })

  it('names the key and what it may do, the device and the address, each on a line of its own', () => {
    const made = { kind: 'api-key-made', name: 'ci 2026-11-22', format: 'ba', isReplacement: false } as const
    const key = notify({ ...made, rights: ['user:read', 'api-keys:delete', 'read posts'] })
    const facts = ['Its name: ci 2026-11-22', 'Its format: ba']
    const rights = 'What it may do: user:read, api-keys:delete, read posts'
    expect(key.text).toContain(`\n${[...facts, rights].join('\n')}\n`)
    expect(key.html).toContain(`>${[...facts, rights].join('<br>')}</p>`)
    expect(key.text).not.toContain('replaces')
    expect(notify({ ...made, rights: [] }).text).toContain('What it may do: nothing\n')
    expect(notify({ ...made, rights: [], isReplacement: true }).text).toContain(
      'The one that it replaces no longer works.',
    )
    const device = { kind: 'new-device', device: 'Firefox on Linux', method: 'magic-link' } as const
    expect(notify({ ...device, ipAddress: '2001:db8::1' }).text).toContain(
      '\nDevice: Firefox on Linux\nIP address: 2001:db8::1\nSigned in by: magic-link\n',
    )
  })

  it.each([
    ['snoop-cli/0.1.0', 'snoop-cli 0.1.0'],
    ['evil/0.example', '(not shown, as it is not plain text)'],
    ['evil/x', '(not shown, as it is not plain text)'],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', '(not shown, as it is not plain text)'],
  ])('shows the device %j as %s', (device, shown) => {
    const { text } = notify({ kind: 'new-device', device, method: 'password', ipAddress: '192.0.2.1' })
    expect(text).toContain(`Device: ${shown}\n`)
  })

  it.each(['evil.example', 'fe80::1%evil.example', '192.0.2.4 evil', '1.2.3.4\nevil', ''])(
    'shows no IP address that is none, such as %j',
    ipAddress => {
      const { text } = notify({ kind: 'new-device', device: 'a', method: 'passkey', ipAddress })
      expect(text).toContain('\nIP address: unknown\n')
      expect(text).not.toContain('evil')
    },
  )

  it('cuts a long name at 60 characters, never through one', () => {
    const { text } = notify({ kind: 'passkey-added', name: '😀'.repeat(61) })
    expect(text).toContain(`\nIts name: ${'😀'.repeat(59)}…\n`)
    expect(notify({ kind: 'passkey-added', name: 'x'.repeat(60) }).text).toContain(`: ${'x'.repeat(60)}\n`)
  })
})

describe('a hostile text', () => {
  it.each([
    '<b>bold</b>',
    '<img src=x onerror=alert(1)>',
    '"><script>x</script>',
    "'; DROP",
    '&lt;b&gt;',
    'x</title><script>',
  ])('%j stays text in HTML', text => {
    for (const { html } of Object.values(everyMail(text))) {
      expect(html).not.toMatch(/<(b|img|script)\b/)
      expect(html).not.toContain(text)
    }
  })

  it.each([
    'A\r\nBcc: x@example.com',
    'A\n\nPlease pay',
    'A\r\n\r\nB',
    'A\u2028B',
    'A\u0085B',
    'A\u0000B',
    'A\u202eB',
    'A\u3164B\u034f',
    'A\ud800',
  ])('%j changes no line and no header, and leaves nothing invisible', async text => {
    const plain = Object.values(everyMail('A'))
    for (const [index, mail] of Object.values(everyMail(text)).entries()) {
      expect(mail.text.split('\n')).toHaveLength(plain[index]!.text.split('\n').length)
      expect(mail.text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u)
      expect(mail.subject).toBe(plain[index]!.subject)
      const message = renderMessage(mail, '01ABC', { from: 'Snoop <no-reply@example.com>', origin: ORIGIN })
      const sent = await createTransport({ streamTransport: true, buffer: true }).sendMail(message)
      const { headers, subject } = await PostalMime.parse(sent.message as Buffer)
      expect(headers.map(({ key }) => key).sort()).toEqual([
        'auto-submitted',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'subject',
        'to',
      ])
      expect(subject).toBe(mail.subject)
    }
  })

  it.each(LINKS)('that a mail program could make a link of, such as %j, is left out', text => {
    for (const [kind, mail] of Object.entries(everyMail(text))) {
      const withoutToken = mail.text.replace(mail.link ?? '-', '')
      expect(withoutToken, kind).toMatch(/^Hello,\n/)
      expect(mail.html, kind).toContain('>Hello,<')
      // Of an address, the domain is what the owner must see.
      if (!kind.startsWith('email-chang')) expect(withoutToken, kind).not.toMatch(/evil|555|0800/)
    }
    const { text: shown } = notify({ kind: 'passkey-added', name: text })
    expect(shown).toContain('\nIts name: (not shown, as it is not plain text)\n')
  })

  it.each(['x'.repeat(61), ' \n ', '\u3164'])('is no name to greet by: %j', name => {
    expect(composeVerificationMail({ ...link, name }).text).toMatch(/^Hello,\n/)
  })

  it.each([
    'Ada Lovelace',
    'Mr. X',
    'Report…',
    'ci 2026-11-22',
    'Firefox 128.0',
    'node 20.19.2',
    "Ada's laptop (work)",
    '山田の電話',
  ])('%j is none, and is shown', name =>
    expect(notify({ kind: 'passkey-added', name }).text).toContain(`\nIts name: ${name}\n`),
  )
})

describe.each(['Ada', ...LINKS, '<b>&amp;</b>'])('every mail, given %j', text => {
  it('leads nowhere but to the origin', () => {
    for (const [kind, mail] of Object.entries(everyMail(text))) {
      const urls = [...`${mail.text} ${mail.html}`.matchAll(/[a-z]+:\/\/[^\s"<]+/gi)]
      expect(new Set(urls.map(([url]) => new URL(url).origin)), kind).toEqual(
        new Set(mail.link ? [ORIGIN] : []),
      )
      expect(mail.html.match(/<a |href=|src=/g) ?? [], kind).toHaveLength(mail.link ? 4 : 0)
    }
  })

  it('says the same in text and HTML', () => {
    for (const [kind, mail] of Object.entries(everyMail(text))) {
      const html = wordsOfHtml(mail.html).replace(' Or open this address:', ':')
      expect(html, kind).toBe(inWords(mail.text.replace('\n-- \n', '\n')))
    }
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
