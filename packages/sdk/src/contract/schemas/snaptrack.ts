import { z } from 'zod'
import { PLAN_IDS } from '../plans'
import { nameSchema, timestampSchema, webUrlSchema } from './primitive'

/** Pages of 15. */
export const snaptrackPage = z.coerce
  .number<number>()
  .int()
  .min(1)
  .max(100_000_000)
  .default(1)
  .describe('Pages have 15 items')

export const snaptrackListSchema = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), meta: z.object({ current_page: z.int(), total: z.int() }) })

const WEBSITE_STATUSES = ['active', 'paused'] as const
/** As `webUrlSchema`, which cannot tell that there is none. */
const urlSchema = z
  .string()
  .min(1, 'Required')
  .pipe(webUrlSchema)
  .meta({ example: 'https://example.com', format: 'uri', maxLength: 2048 })
const viewport = {
  viewport_width: z.int().min(320).max(3840),
  viewport_height: z.int().min(240).max(2160),
}

export const websiteSchema = z
  .object({
    id: z.int(),
    name: z.string(),
    url: z.string(),
    viewport_width: z.int(),
    viewport_height: z.int(),
    full_page: z.boolean().describe('The whole page, not only what the viewport shows'),
    status: z.enum(WEBSITE_STATUSES),
    last_screenshot_at: timestampSchema.nullable(),
  })
  .meta({ id: 'Website' })
export type Website = z.output<typeof websiteSchema>

export const newWebsiteSchema = z.object({
  name: nameSchema,
  url: urlSchema,
  viewport_width: viewport.viewport_width.default(1920),
  viewport_height: viewport.viewport_height.default(1080),
  full_page: z.boolean().default(false),
  status: z.enum(WEBSITE_STATUSES).default('active'),
})
export const websiteChangeSchema = z
  .object({
    name: nameSchema,
    url: urlSchema,
    ...viewport,
    full_page: z.boolean(),
    status: z.enum(WEBSITE_STATUSES),
  })
  .partial()

const SCREENSHOT_STATUSES = ['queued', 'running', 'done', 'failed'] as const
export const screenshotSchema = z
  .object({
    id: z.string().describe('The `job_id` that the request was answered with'),
    website_id: z.int(),
    status: z.enum(SCREENSHOT_STATUSES),
    error: z.string().nullable().describe('Why it failed'),
    created_at: timestampSchema,
    finished_at: timestampSchema.nullable(),
  })
  .meta({ id: 'Screenshot' })
export type Screenshot = z.output<typeof screenshotSchema>

export const snaptrackTestSchema = z.object({
  success: z.literal(true),
  message: z.string(),
  user: z.object({
    id: z.int(),
    name: z.string(),
    email: z.string(),
    subscription_tier: z.enum(PLAN_IDS),
  }),
  rate_limit: z.object({
    limit: z.int(),
    remaining: z.int(),
    reset: z.int().describe('Unix time in seconds at which the minute ends'),
  }),
})
