import { createHash } from 'node:crypto'
import { Script } from 'node:vm'
import { contract, type Endpoint } from '@snoop/sdk/contract'
import { describe, expect, test } from 'vitest'
import { DomainError } from '../domain/domain-error'
import type { RenderedPage } from '../http/dialect'
import { createPageDialect } from './page-dialect'
import {
  CHECKOUT_PAGE,
  INVITES_PAGE,
  NOT_PAID_PAGE,
  PAID_PAGE,
  PORTAL_PAGE,
  pageRoutes,
  RESET_PASSWORD_PAGE,
} from './page-endpoints'

const HOSTILE = `</script><script>alert("'1'")</script><img src=x onerror=alert(1)>`
const pages = createPageDialect('https://auth.example.com')
const succeed = (endpoint: Endpoint, data: unknown) =>
  pages.renderSuccess(endpoint, data, undefined) as RenderedPage
const fail = (error: DomainError) => pages.renderError(error, HOSTILE) as RenderedPage

const { auth } = contract
const challenge = {
  twoFactorRequired: true,
  methods: ['totp', 'backup-code'],
  challengeToken: HOSTILE,
  expiresAt: '2026-01-01T00:00:00.000Z',
}
const PAGES: Record<string, RenderedPage | undefined> = {
  'the new password': succeed(RESET_PASSWORD_PAGE, null),
  'an invitation': succeed(INVITES_PAGE, null),
  'a payment': succeed(PAID_PAGE, null),
  'no payment': succeed(NOT_PAID_PAGE, null),
  'a checkout in the sandbox': succeed(CHECKOUT_PAGE, null),
  'the portal of the sandbox': succeed(PORTAL_PAGE, null),
  'the question of a magic link': pages.askBefore?.(auth.openMagicLink),
  'a second factor': succeed(auth.socialCallback, challenge),
  'a sign-in': succeed(auth.socialCallback, { user: { email: HOSTILE } }),
  'a verified address': succeed(auth.openVerificationLink, { email: HOSTILE }),
  'an error': fail(new DomainError('CONFLICT', { message: HOSTILE })),
  'a fault of ours': fail(new DomainError('INTERNAL_SERVER_ERROR')),
}

const contentOf = (html: string, tag: string): string[] =>
  [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, content]) => content ?? '')
const valuesOf = (html: string, attribute: string): string[] =>
  [...html.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, value]) => value ?? '')
const hashed = (text = '') => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`

/** Each name once, with its sources. */
const policyOf = ({ headers }: RenderedPage): Record<string, string> =>
  Object.fromEntries(
    (headers['Content-Security-Policy'] ?? '').split('; ').map(directive => {
      const [name = '', ...sources] = directive.split(' ')
      return [name, sources.join(' ')]
    }),
  )

describe.each(Object.entries(PAGES))('the page of %s', (_, rendered) => {
  const page = rendered as RenderedPage
  const { html } = page
  const markup = html.replace(/<(script|style)>[\s\S]*?<\/\1>/g, '')
  const scripts = contentOf(html, 'script')

  test('allows its own style and script by their hashes, and nothing else', () => {
    const styles = contentOf(html, 'style')
    expect(styles).toHaveLength(1)
    expect(scripts.length).toBeLessThan(2)
    expect(policyOf(page)).toEqual({
      'default-src': "'none'",
      'style-src': hashed(styles[0]),
      ...(scripts.length === 1 && { 'script-src': hashed(scripts[0]), 'connect-src': "'self'" }),
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
    })
  })

  test('is named to nobody, framed by nobody, and is HTML in UTF-8', () => {
    expect(page.headers).toEqual({
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': expect.any(String),
      'Referrer-Policy': 'no-referrer',
      'X-Frame-Options': 'DENY',
    })
  })

  test('asks for nothing from elsewhere, and holds no handler and no style that its policy would refuse', () => {
    expect(html).not.toMatch(/url\(|@import|https?:\/\//)
    const tags = markup.replace(/="[^"]*"/g, '=""')
    expect(tags).not.toMatch(/<[^>]* (?:src|href|action|style|on\w+)=/)
    expect(tags).not.toMatch(/<(?:img|link|iframe|object|base)/)
  })

  test('shows what others chose as text', () => {
    expect(html).not.toContain('<script>alert')
    expect(html).not.toContain('<img')
    expect(html.match(/<\/script>/g)?.length ?? 0).toBe(scripts.length)
  })

  test('has a script that can be read, with no way to make markup', () => {
    for (const script of scripts) {
      new Script(script)
      expect(script).not.toMatch(/<!--|<\/?script|innerHTML|insertAdjacent|document\.write|eval\(/i)
    }
    expect(html.includes('<noscript>')).toBe(scripts.length === 1)
  })

  test('can be read by everybody: language, width, title, labels, places for problems', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">')
    expect(contentOf(html, 'title')[0]).toMatch(/\S - auth\.example\.com$/)
    const ids = valuesOf(markup, 'id')
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of valuesOf(markup, 'aria-describedby').flatMap(value => value.split(' ')))
      expect(ids).toContain(id)
    const inputs = [...markup.matchAll(/<input [^>]*>/g)].map(([input]) => input)
    expect(valuesOf(markup, 'for')).toEqual(inputs.flatMap(input => valuesOf(input, 'id')))
    for (const input of inputs) expect(valuesOf(input, 'autocomplete')).toHaveLength(1)
    for (const [problem] of markup.matchAll(/<p class="problem"[^>]*>/g))
      expect(problem).toContain('aria-live="polite"')
  })
})

test('the page asks for as long a password as the server does', () => {
  const [length] = valuesOf(PAGES['the new password']?.html ?? '', 'minlength').map(Number)
  const accepts = (characters: number) =>
    auth.resetPassword.body.safeParse({ token: 't', newPassword: 'x'.repeat(characters) }).success
  expect([accepts((length ?? 0) - 1), accepts(length ?? 0)]).toEqual([false, true])
})

test('only the link that signs in asks before it acts', () => {
  const asking = Object.values(auth).filter((endpoint: Endpoint) => pages.askBefore?.(endpoint))
  expect(asking).toEqual([auth.openMagicLink])
})

test('the pages of the sandbox are there only where payments are made in it', () => {
  const pathsWith = (isSandbox: boolean) =>
    pageRoutes(pages, { isSandbox }).map(({ endpoint }) => endpoint.path)
  const always = ['/reset-password', '/invites', '/payments/done', '/payments/closed']
  expect(pathsWith(false)).toEqual(always)
  expect(pathsWith(true)).toEqual([...always, '/sandbox/checkout', '/sandbox/portal'])
})
