import { z } from 'zod'
import { ORGANIZATION_ROLES, TENANT_PERMISSIONS } from '../vocabulary'
import { idSchema, timestampSchema } from './primitive'

export const organizationRoleSchema = z.enum(ORGANIZATION_ROLES)

export const organizationSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    slug: z.string(),
    role: organizationRoleSchema.describe("The caller's role in it"),
    memberCount: z.int(),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Organization' })
export type Organization = z.output<typeof organizationSchema>

const memberShape = {
  id: idSchema.describe('Id of the membership'),
  userId: idSchema,
  email: z.string(),
  fullName: z.string(),
  role: organizationRoleSchema,
  createdAt: timestampSchema,
}

export const memberSchema = z.object(memberShape).meta({ id: 'Member' })
export type Member = z.output<typeof memberSchema>

export const myMembershipSchema = z
  .object({ ...memberShape, organizationId: idSchema, permissions: z.array(z.enum(TENANT_PERMISSIONS)) })
  .meta({ id: 'MyMembership' })
export type MyMembership = z.output<typeof myMembershipSchema>
