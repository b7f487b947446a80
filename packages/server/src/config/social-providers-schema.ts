import { z } from 'zod'
import { suggestName } from './closest-name'
import type { SocialProviderConfig } from './config'
import { isLoopbackHost } from './loopback-host'
import { ORIGIN_RULE, readOrigin } from './setting-schemas'

/** Source: https://accounts.google.com/.well-known/openid-configuration */
const GOOGLE_ISSUER = 'https://accounts.google.com'
const GITHUB_URL = 'https://github.com'

const OPENID_SCOPES = ['openid', 'email', 'profile']
const GITHUB_SCOPES = ['read:user', 'user:email']

/** @param mustHave goes on from the provider's name */
const text = (mustHave: string, pattern: RegExp) => z.string({ error: mustHave }).regex(pattern, mustHave)

const isIssuer = (given: string): boolean => {
  if (!URL.canParse(given)) return false
  const url = new URL(given)
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
  return isSafe && !url.username && !url.password && !/[?#\s]/.test(given)
}
const ISSUER_RULE =
  'has an "issuer", https://HOST[:PORT][/PATH] (http:// only for this machine, such as localhost)'
const BASE_URL_RULE = `has a "baseUrl", ${ORIGIN_RULE}`

/** RFC 6749, section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/
const scopes = (mustHave: string) =>
  z.array(text(mustHave, SCOPE), { error: mustHave }).min(1, mustHave).max(50, mustHave)
const SCOPES_RULE = 'has "scopes", a list of names such as ["email"]'
const OPENID_SCOPES_RULE = 'has "scopes", a list of names, "openid" among them'

const common = {
  // RFC 6749, appendix A, but for blanks, which come from copying.
  clientId: text('has a "clientId" of 1 to 500 letters, digits and signs', /^[\x21-\x7e]{1,500}$/),
  clientSecret: text('has a "clientSecret" of 1 to 2000 letters, digits and signs', /^[\x21-\x7e]{1,2000}$/),
  name: text('has a "name" of 1 to 50 characters in one line', /^\S(?:[^\p{Cc}]{0,48}\S)?$/u).optional(),
}
const openid = {
  ...common,
  scopes: scopes(OPENID_SCOPES_RULE)
    .refine(list => list.includes('openid'), OPENID_SCOPES_RULE)
    .default(OPENID_SCOPES),
}

/** Presets by their names; any other name is that of an OpenID provider whose issuer is given. */
const presets: Readonly<Record<string, z.ZodType<SocialProviderConfig>>> = {
  google: z
    .strictObject(openid)
    .transform(({ name = 'Google', ...rest }) => ({ ...rest, kind: 'openid', name, issuer: GOOGLE_ISSUER })),
  github: z
    .strictObject({
      ...common,
      scopes: scopes(SCOPES_RULE).default(GITHUB_SCOPES),
      baseUrl: z
        .string({ error: BASE_URL_RULE })
        .refine(url => readOrigin(url) !== undefined, BASE_URL_RULE)
        .transform(url => new URL(url).origin)
        .default(GITHUB_URL),
    })
    .transform(({ name = 'GitHub', ...rest }) => ({ ...rest, kind: 'github', name })),
}
const otherProvider = (key: string): z.ZodType<SocialProviderConfig> =>
  z
    .strictObject({ ...openid, issuer: z.string({ error: ISSUER_RULE }).refine(isIssuer, ISSUER_RULE) })
    .transform(({ name = key, ...rest }) => ({ ...rest, kind: 'openid', name }))

const KNOWN_FIELDS = ['clientId', 'clientSecret', 'scopes', 'name', 'issuer', 'baseUrl']

const describeIssue = (key: string, issue: z.core.$ZodIssue): string => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(field => `"${key}" has no "${field}"${suggestOther(field)}`).join(', ')
  return `"${key}" ${issue.path.length === 0 ? 'is an object' : issue.message}`
}

/** A field that is known, but not for this provider, needs no such hint. */
const suggestOther = (field: string): string =>
  KNOWN_FIELDS.includes(field) ? '' : suggestName(field, KNOWN_FIELDS)

/** @param problems each completes "an object of providers, where …" */
const readProvider = (key: string, given: unknown, problems: string[]): SocialProviderConfig | undefined => {
  if (!/^[a-z0-9-]{1,32}$/.test(key)) {
    problems.push(`"${key}" is a name of 1 to 32 lower-case letters, digits or hyphens`)
    return undefined
  }
  const preset = Object.hasOwn(presets, key) ? presets[key] : undefined
  const parsed = (preset ?? otherProvider(key)).safeParse(given)
  if (parsed.success) return parsed.data
  problems.push(...parsed.error.issues.map(issue => describeIssue(key, issue)))
  return undefined
}

const parseJson = (raw: unknown): unknown => {
  if (typeof raw !== 'string') return raw
  try {
    return JSON.parse(raw)
  } catch {
    return undefined
  }
}

/** A JSON object, or its text: provider by name. No message repeats a value, as it may be a secret. */
export const socialProvidersSchema = z.unknown().transform((raw, context) => {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  const json = parseJson(raw)
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return refuse('a JSON object of providers by their names')
  const problems: string[] = []
  const providers = Object.entries(json).flatMap(([key, given]) => {
    const provider = readProvider(key, given, problems)
    return provider ? [[key, provider] as const] : []
  })
  if (problems.length > 0) return refuse(`an object of providers, where ${[...new Set(problems)].join(', ')}`)
  return Object.fromEntries(providers) as Readonly<Record<string, SocialProviderConfig>>
})
