import { expect, test } from 'vitest'
import type { RenderedPage } from '../../http/dialect'
import { createPageDialect } from '../page-dialect'
import { type LinkAnswer, OPEN_LINK, UNLOCK_LINK } from './link-endpoints'

const pages = createPageDialect('https://auth.example.com')
const render = (answer: LinkAnswer, endpoint: typeof OPEN_LINK | typeof UNLOCK_LINK = OPEN_LINK) =>
  pages.renderSuccess(endpoint, answer, undefined) as RenderedPage

test.each([false, true])(
  'the form can be read by everybody, and sent without a script (wrong: %s)',
  isWrong => {
    const { status, html } = render({ outcome: 'password', isWrong })
    expect(status).toBe(isWrong ? 403 : 200)
    expect(html).toContain('<label for="password">Password</label>')
    expect(html).toMatch(
      /<form method="post">\n[\s\S]*<button type="submit">Open the link<\/button>\n<\/form>/,
    )
    expect(html).not.toMatch(/<script|<noscript| on\w+=| style=/)
    const [, described = ''] = / aria-describedby="([^"]+)"/.exec(html) ?? []
    for (const id of described.split(' ')) expect(html).toContain(` id="${id}"`)
    expect(/<input [^>]*aria-invalid="true"/.test(html)).toBe(isWrong)
    expect(html.includes('role="alert">This password is wrong')).toBe(isWrong)
    expect(html).toMatch(isWrong ? /<title>Wrong password - / : /<title>This link asks for a password - /)
  },
)

test('the form may lead to other sites, tells them nothing of itself, and is framed by nobody', () => {
  const { headers } = render({ outcome: 'password', isWrong: false })
  expect(headers).toMatchObject({ 'Referrer-Policy': 'same-origin', 'X-Frame-Options': 'DENY' })
  expect(headers['Content-Security-Policy']?.split('; ')).toEqual([
    "default-src 'none'",
    expect.stringMatching(/^style-src 'sha256-[\w+/=]+'$/),
    'form-action http: https:',
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ])
})

test('a link whose target is not told is answered as one that works, without a place to go to', () => {
  const { status, html, headers } = render({ outcome: 'untold' })
  expect([status, html]).toEqual([200, ''])
  expect(headers).not.toHaveProperty('Location')
})

test('a redirect has no page, and after a form it is fetched by GET', () => {
  const answer = { outcome: 'redirect', location: 'https://example.com/?a=1&b=2' } as const
  for (const [endpoint, status] of [
    [OPEN_LINK, 302],
    [UNLOCK_LINK, 303],
  ] as const)
    expect(render(answer, endpoint)).toMatchObject({
      status,
      html: '',
      headers: { Location: answer.location, 'Referrer-Policy': 'no-referrer' },
    })
})
