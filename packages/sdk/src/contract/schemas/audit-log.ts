import { z } from 'zod'
import { AUDIT_CREDENTIALS, AUDIT_OUTCOMES } from '../vocabulary'
import { idSchema, timestampSchema } from './primitive'

/** One entry of an organization's audit log. Its hash covers all of it but `userName`, which is as it is today. */
export const auditEntrySchema = z
  .object({
    id: idSchema,
    sequence: z.int().describe('1 for the first entry of the organization, without gaps'),
    createdAt: timestampSchema,
    action: z.string(),
    outcome: z.enum(AUDIT_OUTCOMES),
    userId: idSchema.nullable(),
    userName: z.string().nullable().describe('As it is today; not covered by the hash'),
    credentialType: z.enum(AUDIT_CREDENTIALS),
    credentialId: z.string().nullable(),
    resourceType: z.string(),
    resourceId: z.string().nullable(),
    ipAddress: z.string().nullable(),
    userAgent: z.string().nullable(),
    requestId: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    previousHash: z.string().describe('`hash` of the entry before; empty for the first'),
    hash: z.string().describe('SHA-256 of this entry (but `userName`) and `previousHash`, base64url'),
    signature: z.string().describe("Ed25519 signature of `hash` by the server's audit key, base64url"),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.output<typeof auditEntrySchema>

/** Where a log begins and ends, to tell whether an export is whole. */
export const auditChainSchema = z
  .object({
    organizationId: idSchema,
    lastSequence: z.int().describe('0: nothing was written yet'),
    lastHash: z.string(),
    checkpoint: z
      .object({
        sequence: z.int(),
        hash: z.string(),
        createdAt: timestampSchema,
        signature: z.string(),
      })
      .nullable()
      .describe('The newest entry that retention has removed, signed'),
    publicKey: z.string().describe('Ed25519 key that signatures are checked with: 32 bytes, base64url'),
  })
  .meta({ id: 'AuditChain' })
export type AuditChain = z.output<typeof auditChainSchema>

/** The parts of an entry that its hash covers. */
export type HashedAuditEntry = Omit<AuditEntry, 'userName' | 'hash' | 'signature'>

/** The text whose SHA-256 is an entry's hash: a change of any part, of the order or of the organization changes it. */
export const auditEntryText = (organizationId: string, entry: HashedAuditEntry): string =>
  JSON.stringify([
    'snoop-audit-1',
    organizationId,
    entry.sequence,
    entry.id,
    entry.createdAt,
    entry.action,
    entry.outcome,
    entry.userId,
    entry.credentialType,
    entry.credentialId,
    entry.resourceType,
    entry.resourceId,
    entry.ipAddress,
    entry.userAgent,
    entry.requestId,
    entry.details,
    entry.previousHash,
  ])

/** The text that an entry's signature signs. */
export const auditSignatureText = (hash: string): string => `snoop-audit-entry-1\n${hash}`

/** The text that a checkpoint's signature signs. */
export const auditCheckpointText = (
  organizationId: string,
  checkpoint: { readonly sequence: number; readonly hash: string; readonly createdAt: string },
): string =>
  [
    'snoop-audit-checkpoint-1',
    organizationId,
    checkpoint.sequence,
    checkpoint.hash,
    checkpoint.createdAt,
  ].join('\n')
