import { z } from 'zod'
import { MAX_RAW_EMAIL_LENGTH, normalizeEmail, toAsciiDomain } from '../email-address'
import { SCOPES } from '../vocabulary'

/** An id as it came from the server. Opaque: compare it, never take it apart. */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'Must be an id: 1 to 64 letters, digits, _ or -')
  .meta({ example: '01HZ3K5R4X9Y2V6QF8TJ7W0CDN' })

/** The number of a thing of a surface; numbers count within an organization. */
export const numberSchema = z.coerce
  .number<number | string>({ error: 'Must be a whole number' })
  .int('Must be a whole number')
  .min(1, 'Must be at least 1')
  .max(2_147_483_647, 'Must be at most 2147483647')
  .meta({ example: 1 })

/** ISO-8601 in UTC with milliseconds and `Z`. */
export const timestampSchema = z.iso.datetime({ precision: 3 }).meta({ example: '2026-04-05T10:00:00.000Z' })

/** No control characters, so that a name cannot paint on a terminal or split a header. */
const plainText = /^[^\p{Cc}]*$/u

/** zod's own pattern, with the lengths of RFC 5321 and RFC 1035, and top-level domains in punycode. */
const emailPattern =
  /^(?=[^@]{1,64}@)(?:[a-z0-9_'+-]+\.)*[a-z0-9_'+-]*[a-z0-9_+-]@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/
const MAX_EMAIL = 254

/**
 * An address as people write it, read as its normal form: that form is checked, kept and looked up. ASCII only: letters
 * that look like others, a Cyrillic а for a Latin a, name nobody.
 */
export const emailSchema = z
  .string()
  .max(MAX_RAW_EMAIL_LENGTH, `Must be at most ${MAX_EMAIL} characters`)
  .transform(normalizeEmail)
  .pipe(
    z
      .string()
      .max(MAX_EMAIL, { error: `Must be at most ${MAX_EMAIL} characters`, abort: true })
      .regex(plainText, { error: 'Must not contain control characters', abort: true })
      .check(z.email({ pattern: emailPattern, error: 'Must be an e-mail address', abort: true }))
      .refine(
        value => toAsciiDomain(value.slice(value.indexOf('@') + 1)) !== undefined,
        'Must be an e-mail address',
      ),
  )
  .meta({ example: 'ada@example.com', format: 'email', maxLength: MAX_EMAIL })

/** Length as NIST 800-63B counts it: each Unicode code point is one character. */
const codePoints = (text: string): number => [...text].length
const MAX_PASSWORD = { characters: 128, codeUnits: 256 }

/** A password to check: any length that could ever have been accepted. */
export const passwordSchema = z
  .string()
  .min(1, 'Required')
  .max(MAX_PASSWORD.codeUnits, `Must be at most ${MAX_PASSWORD.characters} characters`)
  .refine(
    value => codePoints(value) <= MAX_PASSWORD.characters,
    `Must be at most ${MAX_PASSWORD.characters} characters`,
  )
  .meta({ format: 'password' })

/** NIST 800-63B: length and a list of common passwords, no composition rules. */
export const newPasswordSchema = passwordSchema
  .refine(value => codePoints(value) >= 8, 'Must be at least 8 characters')
  .meta({ example: 'a-long-secure-passphrase', format: 'password', minLength: 8 })

export const scopeSchema = z.enum(SCOPES)

/** A name that people see: trimmed, one line. */
export const nameSchema = z
  .string()
  .trim()
  .min(1, 'Required')
  .max(100, 'Must be at most 100 characters')
  .regex(plainText, 'Must not contain control characters')

/** Longer text; line breaks and tabs are kept. */
export const textSchema = (maxLength: number) =>
  z
    .string()
    .max(maxLength, `Must be at most ${maxLength} characters`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it refuses
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, 'Must not contain control characters')

export const slugSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'Must be 1 to 63 lower-case letters, digits or hyphens, with no hyphen at either end',
  )
  .meta({ example: 'acme' })

export const webUrlSchema = z
  .url({ protocol: /^https?$/, hostname: /^.+$/, error: 'Invalid url' })
  .max(2048, 'Must be at most 2048 characters')
  .regex(plainText, 'Invalid url')
  .meta({ example: 'https://example.com' })

/** Where to send the browser in the end, after a link from a mail or another provider: a path here, or a URL at a trusted origin (checked by the server). */
export const callbackUrlSchema = z
  .string()
  .max(2048)
  .describe('Where the browser goes in the end: a path, or a URL at a trusted origin')
