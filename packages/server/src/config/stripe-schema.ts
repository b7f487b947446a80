import { z } from 'zod'
import { suggestName } from './closest-name'
import type { StripeConfig } from './config'

const text = (mustHave: string, pattern: RegExp) => z.string({ error: mustHave }).regex(pattern, mustHave)
const object = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape, { error: 'is an object' })

const price = text('is the id of a price, price_…', /^price_[A-Za-z0-9]{1,200}$/)
const ofIntervals = object({ month: price, year: price })

const stripe: z.ZodType<StripeConfig> = object({
  secretKey: text('is a secret key, sk_… or rk_…', /^[sr]k_(?:live|test)_[A-Za-z0-9]{1,500}$/),
  webhookSecret: text('is the signing secret of the webhook, whsec_…', /^whsec_[A-Za-z0-9+/=_-]{1,500}$/),
  prices: object({
    starter: ofIntervals,
    pro: ofIntervals,
    business: ofIntervals,
    slotPack: ofIntervals,
    credit: price,
  }),
})

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': ['secretKey', 'webhookSecret', 'prices'],
  prices: ['starter', 'pro', 'business', 'slotPack', 'credit'],
}
const INTERVAL_FIELDS = ['month', 'year']

const describeIssue = (issue: z.core.$ZodIssue): string => {
  const place = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return `"${place}" ${issue.message}`
  const known = FIELDS[place] ?? INTERVAL_FIELDS
  return issue.keys
    .map(key => `${place === '' ? 'there is' : `"${place}" has`} no "${key}"${suggestName(key, known)}`)
    .join(', ')
}

/** With one id for two things nobody could tell from a subscription what was bought. */
const findSharedPrice = ({ prices: { credit, ...periods } }: StripeConfig): string | undefined => {
  const placed: [place: string, id: string][] = [['prices.credit', credit]]
  for (const [name, { month, year }] of Object.entries(periods))
    placed.push([`prices.${name}.month`, month], [`prices.${name}.year`, year])
  const byId = new Map<string, string>()
  for (const [place, id] of placed) {
    const other = byId.get(id)
    if (other !== undefined) return `"${other}" and "${place}" are different prices`
    byId.set(id, place)
  }
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

/** A JSON object, or its text. No message repeats a value, as it may be a secret. */
export const stripeSchema = z.unknown().transform((raw, context): StripeConfig => {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  const json = parseJson(raw)
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return refuse('a JSON object with "secretKey", "webhookSecret" and "prices"')
  const parsed = stripe.safeParse(json)
  if (!parsed.success) {
    const problems = [...new Set(parsed.error.issues.map(describeIssue))]
    return refuse(`an object where ${problems.join(', ')}`)
  }
  const shared = findSharedPrice(parsed.data)
  return shared === undefined ? parsed.data : refuse(`an object where ${shared}`)
})
