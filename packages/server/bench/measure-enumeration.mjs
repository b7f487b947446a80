import { randomBytes } from 'node:crypto'
import { median } from './statistics.mjs'

const QUESTIONS = {
  'sign-in': ['/api/auth/sign-in/email', { password: 'not the password' }],
  'sign-up': ['/api/auth/sign-up/email', { password: randomBytes(12).toString('base64url'), name: 'Ada' }],
  reset: ['/api/auth/request-password-reset', {}],
  resend: ['/api/auth/send-verification-email', {}],
  'magic link': ['/api/auth/sign-in/magic-link', {}],
  identify: ['/api/auth/identify', {}],
}

const timeOf = async (url, body) => {
  const startedAt = performance.now()
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  await response.text()
  return performance.now() - startedAt
}

/**
 * How long each question about an address takes for one with an account and for one without, asked in turns; every
 * address is asked about once a question.
 * @param {{ url: string, people: { email: string }[] }} options people with accounts
 * @returns {Promise<{ name: string, knownMs: number, unknownMs: number }[]>} medians
 */
export const measureEnumeration = async ({ url, people }) => {
  const figures = []
  for (const [name, [path, more]] of Object.entries(QUESTIONS)) {
    const known = []
    const unknown = []
    for (const [n, { email }] of people.entries()) {
      const ask = address => timeOf(url + path, { email: address, ...more })
      const askKnown = async () => known.push(await ask(email))
      const askUnknown = async () => unknown.push(await ask(email.replace('person', `nobody-${name[0]}`)))
      // Whoever comes second may find caches warm.
      for (const turn of n % 2 ? [askKnown, askUnknown] : [askUnknown, askKnown]) await turn()
    }
    figures.push({ name, knownMs: median(known), unknownMs: median(unknown) })
  }
  return figures
}
