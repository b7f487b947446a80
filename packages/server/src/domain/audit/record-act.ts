import { hash } from 'node:crypto'
import {
  type AuditAction,
  type AuditCredential,
  type AuditOutcome,
  type AuditResource,
  auditEntryText,
  auditSignatureText,
  type HashedAuditEntry,
} from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { settleClaim } from '../idempotency/settle-claim'
import type { Actor } from '../principals/actor'

type DetailValue = string | number | boolean | null | readonly string[]

/** What it takes to write into an audit log: an operator's program has no more. */
export type AuditContext = Pick<DomainContext, 'clock' | 'newId' | 'auditSigner'>

/** What was done in an organization. */
export interface Act {
  readonly organizationId: string
  readonly action: AuditAction
  /** `success` unless it is said. */
  readonly outcome?: AuditOutcome
  readonly resource: { readonly type: AuditResource; readonly id: string | null }
  /** What is worth knowing of it; never a secret. */
  readonly details?: Readonly<Record<string, DetailValue>>
}

/** What an act says of who did it. */
export type ActorFacts = Pick<
  HashedAuditEntry,
  'userId' | 'credentialType' | 'credentialId' | 'ipAddress' | 'userAgent' | 'requestId'
>

/** An act of the server itself, or of its operator. */
const SYSTEM: ActorFacts = {
  userId: null,
  credentialType: 'system',
  credentialId: null,
  ipAddress: null,
  userAgent: null,
  requestId: null,
}

const MAX_USER_AGENT = 512

/** @param actor undefined: the server itself, or its operator */
export const describeActor = (actor: Omit<Actor, 'claim'> | undefined): ActorFacts => {
  if (!actor) return SYSTEM
  const { principal, device, requestId } = actor
  const credentialType: AuditCredential = principal.kind === 'apiKey' ? 'api_key' : 'session'
  return {
    userId: principal.userId,
    credentialType,
    credentialId: principal.credentialId,
    ipAddress: device.ipAddress,
    userAgent: device.userAgent.slice(0, MAX_USER_AGENT),
    requestId,
  }
}

/**
 * Writes an act behind the end of its organization's audit log. Call it last in the transaction of the act: it holds the
 * log to its end, so that both are on disk or neither is.
 */
export const recordAct = async (
  context: AuditContext,
  stores: Stores,
  actor: Actor | undefined,
  act: Act,
): Promise<void> => {
  await writeEntry(context, stores, describeActor(actor), act)
  if (actor?.claim) await settleClaim(stores, actor.claim)
}

/** As `recordAct`, for acts whose actor is known by these facts alone. */
export const writeEntry = async (
  { clock, newId, auditSigner }: AuditContext,
  stores: Stores,
  facts: ActorFacts,
  { organizationId, action, outcome = 'success', resource, details = {} }: Act,
): Promise<void> => {
  const chain = await stores.auditLogs.lockChain(organizationId)
  const now = clock()
  const entry: HashedAuditEntry = {
    ...facts,
    id: newId(),
    sequence: chain.last_sequence + 1,
    createdAt: new Date(now).toISOString(),
    action,
    outcome,
    resourceType: resource.type,
    resourceId: resource.id,
    details,
    previousHash: chain.last_hash,
  }
  const entryHash = hash('sha256', auditEntryText(organizationId, entry), 'base64url')
  await stores.auditLogs.append({
    organization_id: organizationId,
    sequence: entry.sequence,
    id: entry.id,
    created_at: now,
    action,
    outcome,
    actor_id: facts.userId,
    credential_type: facts.credentialType,
    credential_id: facts.credentialId,
    resource_type: resource.type,
    resource_id: resource.id,
    ip_address: facts.ipAddress,
    user_agent: facts.userAgent,
    request_id: facts.requestId,
    details: JSON.stringify(details),
    previous_hash: entry.previousHash,
    hash: entryHash,
    signature: auditSigner.sign(auditSignatureText(entryHash)),
  })
}
