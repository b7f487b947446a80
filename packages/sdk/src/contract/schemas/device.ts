import { z } from 'zod'
import { SIGN_IN_METHODS } from '../vocabulary'
import { idSchema, timestampSchema } from './primitive'

export const deviceSchema = z
  .object({
    id: idSchema,
    device: z.string().describe('Browser or program and system, as far as the User-Agent tells'),
    ipAddress: z.string().describe('At the last sign-in'),
    firstSignInAt: timestampSchema,
    lastSignInAt: timestampSchema,
    trustedUntil: timestampSchema.nullable().describe('Until then it is not asked for a second factor'),
    current: z.boolean(),
  })
  .meta({ id: 'Device' })
export type Device = z.output<typeof deviceSchema>

export const loginEventSchema = z
  .object({
    createdAt: timestampSchema,
    method: z.enum(SIGN_IN_METHODS),
    ipAddress: z.string(),
    userAgent: z.string(),
    success: z.boolean(),
  })
  .meta({ id: 'LoginEvent' })
export type LoginEvent = z.output<typeof loginEventSchema>
