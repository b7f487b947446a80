import { z } from 'zod'
import { organizationRoleSchema } from './organization'
import { idSchema, timestampSchema } from './primitive'

const policyShape = {
  required: z.boolean(),
  graceDays: z.int().describe('Days that a member has to turn on two-factor authentication'),
  requiredSince: timestampSchema.nullable(),
}

export const mfaPolicySchema = z.object(policyShape).meta({ id: 'MfaPolicy' })
export type MfaPolicy = z.output<typeof mfaPolicySchema>

/** What a policy does, or would do, to the members. */
const mfaImpactSchema = z
  .object({
    members: z.int(),
    compliant: z.int(),
    inGrace: z.int().describe('Without two-factor authentication, with time left to turn it on'),
    lockedOut: z.int().describe('Without it, and refused from now on'),
  })
  .meta({ id: 'MfaImpact' })
export type MfaImpact = z.output<typeof mfaImpactSchema>

export const mfaPolicyChangeSchema = z
  .object({ ...policyShape, dryRun: z.boolean().describe('Nothing was changed'), impact: mfaImpactSchema })
  .meta({ id: 'MfaPolicyChange' })
export type MfaPolicyChange = z.output<typeof mfaPolicyChangeSchema>

export const MFA_STATES = ['compliant', 'in-grace', 'locked-out'] as const

export const memberComplianceSchema = z
  .object({
    memberId: idSchema,
    userId: idSchema,
    email: z.string(),
    fullName: z.string(),
    role: organizationRoleSchema,
    twoFactorEnabled: z.boolean(),
    state: z.enum(MFA_STATES).describe('`compliant` for all while nothing is required'),
    deadline: timestampSchema.nullable().describe('Until then the member is let in without it'),
  })
  .meta({ id: 'MemberCompliance' })
export type MemberCompliance = z.output<typeof memberComplianceSchema>
