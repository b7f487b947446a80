import { expect, test } from 'vitest'
import { readLinkToken } from './read-link-token'

const ORIGIN = 'https://auth.example.com'
const TOKEN = 'k7Pq_x-3'.repeat(5)

test.each([
  ['the token alone', ` ${TOKEN}\n`],
  ["a mail's link", `${ORIGIN}/api/auth/magic-link/verify?token=${TOKEN}`],
  ['the page that it leads to', `${ORIGIN}/reset-password#token=${TOKEN}`],
  ['the link of an invitation', `${ORIGIN}/invites#${TOKEN}`],
  ['the origin in other letters, with its port', `HTTPS://Auth.Example.com:443/x?a=1&token=${TOKEN}`],
])('%s gives the token', (_, pasted) => {
  expect(readLinkToken(pasted, ORIGIN)).toEqual({ token: TOKEN })
})

test.each([
  ['another host', `https://evil.example/api?token=${TOKEN}`],
  ['another scheme', `http://auth.example.com/api?token=${TOKEN}`],
  ['another port', `https://auth.example.com:8443/api?token=${TOKEN}`],
  ['a host that only begins like it', `https://auth.example.com.evil.example/?token=${TOKEN}`],
  ['a user that looks like it', `https://auth.example.com@evil.example/?token=${TOKEN}`],
])('a link of %s is refused, and says where it leads', (_, pasted) => {
  const { complaint } = readLinkToken(pasted, ORIGIN) as { complaint: string }
  expect(complaint).toContain(`This link leads to ${new URL(pasted).origin}, not to ${ORIGIN}`)
  expect(complaint).not.toContain(TOKEN)
})

test.each([
  [`/invites#${TOKEN}`, 'after # in it'],
  [`/reset-password#token=${TOKEN}`, 'after token= in it'],
  [`/api?token=${TOKEN}#top`, 'after token= in it'],
])('of a link to another name of the server, %s, it says where its token is', (path, where) => {
  const { complaint } = readLinkToken(`https://evil.example${path}`, ORIGIN) as { complaint: string }
  expect(complaint).toContain(where)
})

test.each([
  ['nothing', '  '],
  ['words', 'open sesame'],
  ['a link without a token', `${ORIGIN}/reset-password`],
  ['a token that cannot be one', `${ORIGIN}/x?token=a%20b`],
  ['another kind of link', `javascript:alert('${TOKEN}')`],
])('%s is refused and not quoted', (_, pasted) => {
  const { complaint } = readLinkToken(pasted, ORIGIN) as { complaint: string }
  expect(complaint).toMatch(/^(Needed|This is no link|There is no token)/)
})
