import { isIP } from 'node:net'
import {
  KEY_FORMATS,
  RATE_LIMIT_GROUPS,
  type RateLimitGroup,
  SURFACES,
  type Surface,
} from '@snoop/sdk/contract'
import { z } from 'zod'
import type { RateLimit } from './config'
import { isLoopbackHost } from './loopback-host'

type Reader<T> = (text: string) => T | undefined

const WINDOW_UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** @param mustBe completes "must be …", for whatever `read` answers with undefined */
const one = <T>(mustBe: string, read: Reader<T>) =>
  z.union([z.string(), z.number()], { error: mustBe }).transform((raw, context) => {
    const value = read(String(raw).trim())
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: mustBe })
    return z.NEVER
  })

const splitList = (raw: unknown): unknown => {
  const texts = typeof raw === 'string' ? [raw] : raw
  if (!Array.isArray(texts)) return raw
  return texts.flatMap((text: unknown) =>
    typeof text === 'string' ? text.split(',').filter(part => part.trim() !== '') : [text],
  )
}

const list = <T>(mustBe: string, read: Reader<T>) =>
  z.preprocess(splitList, z.array(one(mustBe, read), { error: mustBe }))

/** A whole number, in decimal digits. */
export const wholeNumber = (min: number, max: number) =>
  one(`a whole number from ${min} to ${max}`, text => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : undefined
    return number !== undefined && number >= min && number <= max ? number : undefined
  })

/** Null stands for `off`. */
export const daysSchema = one('a whole number from 1 to 36500, or off', text => {
  if (text === 'off') return null
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return days >= 1 && days <= 36_500 ? days : undefined
})

export const oneOf = <const Word extends string>(words: readonly Word[]) =>
  one(`one of ${words.join(', ')}`, text => words.find(word => word === text))

export const matching = (mustBe: string, pattern: RegExp) =>
  one(mustBe, text => (pattern.test(text) ? text : undefined))

const RESERVED_PREFIXES = Object.values(KEY_FORMATS).flatMap(({ prefix }) => prefix ?? [])
/** Whoever reads a key tells by its beginning what it is good for. */
export const keyPrefixSchema = one(
  `2 to 8 lower-case letters and _, and none of ${RESERVED_PREFIXES.join(', ')}, which keys of the other surfaces begin with`,
  text =>
    /^[a-z]{2,8}_$/.test(text) && !RESERVED_PREFIXES.some(prefix => prefix === text) ? text : undefined,
)

/** An IP address (without brackets) or a host name. */
export const hostSchema = one('an IP address or a host name', text =>
  isIP(text) || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text) ? text : undefined,
)

const readUrl: Reader<URL> = text => (URL.canParse(text) ? new URL(text) : undefined)

/** @returns the origin in its normal form; undefined if it is none, or not safe to use */
export const readOrigin: Reader<string> = text => {
  const url = readUrl(text)
  if (!url || `${url.origin}/` !== url.href) return undefined
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
  return isSafe ? url.origin : undefined
}
export const ORIGIN_RULE =
  'https://HOST[:PORT] without a path (http:// only for this machine, such as localhost)'
export const originSchema = one(ORIGIN_RULE, readOrigin)
export const originListSchema = list(`a list of origins, each ${ORIGIN_RULE}`, readOrigin)

const isAddressRange = (text: string): boolean => {
  const [address = '', prefixLength, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  if (prefixLength === undefined) return true
  return /^\d{1,3}$/.test(prefixLength) && Number(prefixLength) <= (family === 4 ? 32 : 128)
}
export const addressRangeListSchema = list('a list of IP addresses or CIDR ranges', text =>
  isAddressRange(text) ? text : undefined,
)

/** `sqlite:FILE`, or a PostgreSQL URL. */
export const databaseSchema = one('sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE', text => {
  const file = /^sqlite:(?:\/\/(?=\/))?((?!\/\/).+)$/.exec(text)?.[1]
  if (file !== undefined) return { engine: 'sqlite' as const, file }
  const url = readUrl(text)
  const isPostgres = url?.protocol === 'postgres:' || url?.protocol === 'postgresql:'
  return isPostgres ? { engine: 'postgres' as const, url: text } : undefined
})

export const smtpUrlSchema = one('smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…', text => {
  const url = readUrl(text)
  return (url?.protocol === 'smtp:' || url?.protocol === 'smtps:') && url.hostname !== '' ? text : undefined
})

export const mailboxSchema = matching(
  'ADDRESS or NAME <ADDRESS>',
  /^(?:[^\s<>@,;"]+@[^\s<>@,;"]+|[^<>@,;:"\p{Cc}]*<[^\s<>@,;"]+@[^\s<>@,;"]+>)$/u,
)

/** Null stands for `off`. */
const readRateLimit: Reader<RateLimit | null> = text => {
  if (text === 'off') return null
  const [, max, count, unit] = /^(\d{1,9})\/(\d{1,6})([smhd])$/.exec(text) ?? []
  if (Number(max) < 1 || Number(count) < 1) return undefined
  return unit === 's' || unit === 'm' || unit === 'h' || unit === 'd'
    ? { max: Number(max), windowMs: Number(count) * WINDOW_UNIT_MS[unit] }
    : undefined
}
/** As it is written in the configuration; up to a minute in seconds. */
export const writeRateLimit = ({ max, windowMs }: RateLimit): string => {
  const { s, m, h } = WINDOW_UNIT_MS
  if (windowMs % h === 0) return `${max}/${windowMs / h}h`
  return windowMs > m && windowMs % m === 0 ? `${max}/${windowMs / m}m` : `${max}/${windowMs / s}s`
}
const RATE_LIMIT_RULE = 'MAX/WINDOW (a window such as 60s, 15m, 1h or 1d) or off'
export const rateLimitSchema = one(RATE_LIMIT_RULE, readRateLimit)
/** Requests a minute. */
export const perMinuteSchema = wholeNumber(1, 999_999_999).transform(
  (max): RateLimit => ({ max, windowMs: WINDOW_UNIT_MS.m }),
)

const readGroupLimit: Reader<readonly [RateLimitGroup, RateLimit | null]> = text => {
  const [, name, limitText = ''] = /^([^=]+)=(.+)$/.exec(text) ?? []
  const group = RATE_LIMIT_GROUPS.find(known => known === name?.trim())
  const limit = readRateLimit(limitText.trim())
  return group === undefined || limit === undefined ? undefined : [group, limit]
}

const objectToEntries = (raw: unknown): unknown =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw)
    ? Object.entries(raw).map(([group, limit]) => `${group}=${limit}`)
    : raw

/** `GROUP=MAX/WINDOW`, separated by commas; in the file also an object. */
export const rateLimitsSchema = z
  .preprocess(
    objectToEntries,
    list(
      `a list of GROUP=LIMIT, where GROUP is one of ${RATE_LIMIT_GROUPS.join(', ')}, and LIMIT is ${RATE_LIMIT_RULE}`,
      readGroupLimit,
    ),
  )
  .transform(entries => Object.fromEntries(entries) as Partial<Record<RateLimitGroup, RateLimit | null>>)

/** Names of surfaces, separated by commas; in the file also a list. */
export const surfacesSchema = list(`a list of ${SURFACES.join(', ')}`, text =>
  (SURFACES as readonly string[]).includes(text) ? (text as Surface) : undefined,
).refine(
  surfaces => surfaces.includes('native'),
  'a list with native in it: accounts and keys are made by it',
)
