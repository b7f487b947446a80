import { z } from 'zod'
import { organizationRoleSchema } from './organization'
import { idSchema, timestampSchema } from './primitive'

const INVITATION_STATUSES = ['pending', 'expired'] as const

/** Who is asked to join. Its id becomes the id of the membership once it is accepted. */
export const invitationSchema = z
  .object({
    id: idSchema,
    email: z.string(),
    role: organizationRoleSchema,
    status: z.enum(INVITATION_STATUSES),
    invitedBy: z.object({ id: idSchema, fullName: z.string() }).nullable(),
    createdAt: timestampSchema,
    sentAt: timestampSchema.describe('When its newest mail was written'),
    expiresAt: timestampSchema,
  })
  .meta({ id: 'Invitation' })
export type Invitation = z.output<typeof invitationSchema>

/** What who holds the token of an invitation may know before accepting it. */
export const invitationPreviewSchema = z
  .object({
    organizationName: z.string(),
    role: organizationRoleSchema,
    email: z.string().describe('The address that has to be signed in to accept'),
    invitedBy: z.string().nullable().describe('Name of who asks'),
    expiresAt: timestampSchema,
  })
  .meta({ id: 'InvitationPreview' })
export type InvitationPreview = z.output<typeof invitationPreviewSchema>
