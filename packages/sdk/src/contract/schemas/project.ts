import { z } from 'zod'
import { idSchema, timestampSchema } from './primitive'

export const PROJECT_STATUSES = ['draft', 'active', 'paused'] as const

export const projectSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    slug: z.string(),
    website: z.string().nullable(),
    description: z.string().nullable(),
    businessContext: z.string().nullable(),
    monitoringIntent: z.string().nullable(),
    status: z.enum(PROJECT_STATUSES),
    frequency: z.string().nullable(),
    timezone: z.string(),
    createdByUser: z.object({ id: idSchema, fullName: z.string() }).nullable(),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Project' })
export type Project = z.output<typeof projectSchema>
