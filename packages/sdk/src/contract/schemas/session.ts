import { z } from 'zod'
import { idSchema, timestampSchema } from './primitive'

export const sessionSchema = z
  .object({
    id: idSchema,
    device: z.string().describe('Browser or program and system, as far as the User-Agent tells'),
    ipAddress: z.string(),
    createdAt: timestampSchema,
    lastSeenAt: timestampSchema,
    expiresAt: timestampSchema,
    current: z.boolean(),
  })
  .meta({ id: 'Session' })
export type Session = z.output<typeof sessionSchema>
