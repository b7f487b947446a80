import { code, table } from './markdown.mjs'

const publicRead = { method: 'GET', access: { kind: 'public' }, rateLimit: 'exempt' }
const account = { ...publicRead, access: { kind: 'account', scopes: [] } }

/** What an endpoint may be, as the endpoint with that trait and the one without it. */
const traits = [
  ['is any', publicRead, undefined],
  ['is counted by a rate limit', { ...publicRead, rateLimit: undefined }, publicRead],
  ['takes parameters', { ...publicRead, query: {} }, publicRead],
  ['takes a body', { ...publicRead, body: {} }, publicRead],
  ['needs a session', { ...publicRead, access: { kind: 'session' } }, publicRead],
  [
    'needs one that is fresh',
    { ...publicRead, access: { kind: 'session', fresh: true } },
    { ...publicRead, access: { kind: 'session' } },
  ],
  ['needs scopes', account, publicRead],
  ['is in an organization', { ...account, access: { kind: 'organization', scopes: [] } }, account],
  ['is of the surface snaptrack', { ...publicRead, dialect: 'snaptrack' }, publicRead],
  ['is a write', { ...publicRead, method: 'POST' }, publicRead],
]

/**
 * The errors that follow from what an endpoint is.
 * @param {(endpoint: object) => string[]} impliedErrors
 */
export const impliedErrorTable = impliedErrors =>
  table(
    ['If the endpoint', 'it can also answer'],
    traits.map(([text, withTrait, without]) => {
      const known = without === undefined ? [] : impliedErrors(without)
      const errors = impliedErrors(withTrait).filter(error => !known.includes(error))
      return [text, errors.map(code).join(', ')]
    }),
  )
