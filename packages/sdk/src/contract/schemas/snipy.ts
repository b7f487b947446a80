import { z } from 'zod'
import { LINK_ALIAS } from '../vocabulary'
import { textSchema, timestampSchema, webUrlSchema } from './primitive'

/** The answer of a list: `{result,perpage,currentpage,nextpage,maxpage,<collection>:[…]}`. */
export const snipyListSchema = <const Name extends string, Item extends z.ZodType>(name: Name, item: Item) =>
  z.object({
    result: z.int().describe('How many there are in all'),
    perpage: z.int(),
    currentpage: z.int(),
    nextpage: z.int().nullable().describe('Null on the last page'),
    maxpage: z.int(),
    [name]: z.array(item),
  } as {
    result: z.ZodInt
    perpage: z.ZodInt
    currentpage: z.ZodInt
    nextpage: z.ZodNullable<z.ZodInt>
    maxpage: z.ZodInt
  } & Record<Name, z.ZodArray<Item>>)

/** The query of a list. A `limit` above 100 is taken for 100. */
export const snipyListQuery = z.object({
  page: z.coerce.number<number>().int().min(1).max(21_474_836).default(1),
  limit: z.coerce
    .number<number>()
    .int()
    .min(1)
    .transform(limit => Math.min(limit, 100))
    .default(15)
    .describe('At most 100'),
  search: textSchema(200).optional().describe('Free text to look for'),
  sort: z.enum(['date', 'clicks']).default('date'),
  order: z.enum(['asc', 'desc']).default('desc'),
})

export const snipyTokensSchema = z
  .object({
    access_token: z.string().describe('A JWT; send it as `Authorization: Bearer`'),
    refresh_token: z.string().describe('Good for one use'),
    expires_in: z.int().describe('Seconds that the access token is good for'),
    token_type: z.literal('Bearer'),
  })
  .meta({ id: 'SnipyTokens' })
export type SnipyTokens = z.output<typeof snipyTokensSchema>

export const snipyChallengeSchema = z
  .object({
    error: z.literal(0),
    data: z.object({ twofa_required: z.literal(true), challenge_token: z.string() }),
  })
  .meta({ id: 'SnipyChallenge' })
export type SnipyChallenge = z.output<typeof snipyChallengeSchema>

export const snipyUrlSchema = z
  .object({
    id: z.int(),
    alias: z.string(),
    shorturl: z.string(),
    longurl: z.string(),
    clicks: z.int(),
    date: timestampSchema,
  })
  .meta({ id: 'SnipyUrl' })
export type SnipyUrl = z.output<typeof snipyUrlSchema>

const utm = textSchema(255).nullish()
/** What a link can be given besides its target; null takes it away. */
const snipyLinkShape = {
  alias: z
    .string()
    .regex(LINK_ALIAS.pattern, LINK_ALIAS.rule)
    .optional()
    .describe('Needs the plan Starter or a higher one, as do password, expiry and utm_*'),
  domain: z.string().max(253).optional().describe("The host of the short URL: the server's own"),
  password: z.string().min(1).max(128).nullish().describe('Asked for before the redirect'),
  expiry: z
    .union([timestampSchema, z.iso.date(), z.iso.datetime({ offset: true })])
    .nullish()
    .describe('From then on the link answers 410'),
  maxClicks: z.int().min(1).max(2_147_483_647).nullish().describe('After so many the link answers 410'),
  utm_source: utm,
  utm_medium: utm,
  utm_campaign: utm,
}
export const newSnipyUrlSchema = z.object({ url: webUrlSchema, ...snipyLinkShape })
export const snipyUrlChangeSchema = z.object({ url: webUrlSchema.optional(), ...snipyLinkShape })

export const snipyQrSchema = z
  .object({
    id: z.int(),
    name: z.string(),
    url: z.string().describe('The short URL that the image leads through'),
    scans: z.int(),
    date: timestampSchema,
  })
  .meta({ id: 'SnipyQr' })
export type SnipyQr = z.output<typeof snipyQrSchema>

const color = z.string().regex(/^#[0-9A-Fa-f]{6}$/, 'Must be a colour such as #1A2B3C')
const design = {
  foreground: color,
  background: color,
  errorCorrection: z.enum(['L', 'M', 'Q', 'H']).describe('How much of the image may be damaged'),
  size: z.int().min(64).max(2000).describe('Pixels'),
  margin: z.int().min(0).max(20).describe('Modules of empty space around'),
  logo: z
    .string()
    .max(90_000)
    .regex(
      /^data:image\/png;base64,[A-Za-z0-9+/]+={0,2}$/,
      'Must be a PNG image as a data: URL, at most 64 KiB',
    )
    .nullable()
    .describe('In the middle of the image; needs errorCorrection Q or H'),
}
const qrName = z
  .string()
  .trim()
  .min(1, 'Required')
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, 'Must not contain control characters')
export const newSnipyQrSchema = z.object({
  name: qrName,
  url: webUrlSchema,
  foreground: design.foreground.default('#000000'),
  background: design.background.default('#FFFFFF'),
  errorCorrection: design.errorCorrection.default('M'),
  size: design.size.default(300),
  margin: design.margin.default(4),
  logo: design.logo.default(null),
})
export const snipyQrChangeSchema = z.object({ name: qrName, url: webUrlSchema, ...design }).partial()
/** How the image of a QR code looks. */
export type QrDesign = Omit<z.output<typeof newSnipyQrSchema>, 'name' | 'url'>
