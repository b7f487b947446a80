import { z } from 'zod'
import { idSchema, timestampSchema } from './primitive'

export const userSchema = z
  .object({
    id: idSchema,
    email: z.string(),
    fullName: z.string(),
    handle: z.string(),
    isVerified: z.boolean(),
    verifiedAt: timestampSchema.nullable(),
    isActive: z.boolean(),
    lastLoginAt: timestampSchema.nullable(),
    role: z.string(),
    organizationCount: z.int(),
    emailPreferences: z.object({ marketingOptOut: z.boolean() }),
    twoFactorEnabled: z.boolean(),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'User' })
export type User = z.output<typeof userSchema>

export const handleSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9_-]{1,28}[a-z0-9])$/, {
    error: 'Must be 3 to 30 letters, digits, _ or -, with a letter or digit at both ends',
    abort: true,
  })
  .regex(/^(?!.*[_-]{2})/, 'Must not have two of _ and - in a row')
  // A number could be taken for an id.
  .regex(/[a-z]/, 'Must have a letter in it')
