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
import type { AuditEventRow, ChainEnd } from '../../storage/stores/audit-log-store'
import { keptUserAgent } from '../devices/kept-user-agent'
import type { DomainContext } from '../domain-context'
import { settleClaim } from '../idempotency/settle-claim'
import type { AnyActor } from '../principals/actor'

type DetailValue = string | number | boolean | null | readonly string[]

/** What it takes to write into an audit log: an operator's program has no more. */
export type AuditContext = Pick<DomainContext, 'clock' | 'newId' | 'auditSigner'>

/** What was done in an organization that is known. */
export interface Deed {
  readonly action: AuditAction
  /** `success` unless it is said. */
  readonly outcome?: AuditOutcome
  readonly resource: { readonly type: AuditResource; readonly id: string | null }
  /** What is worth knowing of it; never a secret. */
  readonly details?: Readonly<Record<string, DetailValue>>
}

/** What was done in an organization. */
export interface Act extends Deed {
  readonly organizationId: string
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

const CREDENTIAL_TYPES: Readonly<Record<AnyActor['principal']['kind'], AuditCredential>> = {
  session: 'session',
  apiKey: 'api_key',
  accessToken: 'access_token',
  password: 'password',
}

/** @param actor undefined: the server itself, or its operator */
export const describeActor = (actor: Omit<AnyActor, 'claim'> | undefined): ActorFacts => {
  if (!actor) return SYSTEM
  const { principal, device, requestId } = actor
  return {
    userId: principal.userId,
    credentialType: CREDENTIAL_TYPES[principal.kind],
    credentialId: principal.credentialId,
    ipAddress: device.ipAddress,
    userAgent: keptUserAgent(device),
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
  actor: AnyActor | undefined,
  { organizationId, ...deed }: Act,
): Promise<void> => recordActs(context, stores, actor, organizationId, [deed])

/** As `recordAct`, for several acts in one organization: in their order, and in as many statements as for one. */
export const recordActs = async (
  context: AuditContext,
  stores: Stores,
  actor: AnyActor | undefined,
  organizationId: string,
  deeds: readonly Deed[],
): Promise<void> => {
  const by = describeActor(actor)
  await writeEntries(
    context,
    stores,
    organizationId,
    deeds.map(deed => ({ ...deed, by })),
  )
  if (actor?.claim) await settleClaim(stores, actor.claim)
}

/** An act whose actor is known by these facts. */
export interface DescribedDeed extends Deed {
  readonly by: ActorFacts
}

/** As `recordActs`, for acts whose actors are known by their facts alone. */
export const writeEntries = async (
  context: AuditContext,
  stores: Stores,
  organizationId: string,
  deeds: readonly DescribedDeed[],
): Promise<void> => {
  const chain = await stores.auditLogs.lockChain(organizationId)
  const rows: AuditEventRow[] = []
  let end: ChainEnd = { sequence: chain.last_sequence, hash: chain.last_hash }
  for (const deed of deeds) {
    const row = makeEntry(context, organizationId, end, deed)
    rows.push(row)
    end = row
  }
  await stores.auditLogs.append(organizationId, rows, end)
}

/** The entry that comes behind `end`, hashed and signed. */
const makeEntry = (
  { clock, newId, auditSigner }: AuditContext,
  organizationId: string,
  end: ChainEnd,
  { by, action, outcome = 'success', resource, details = {} }: DescribedDeed,
): AuditEventRow => {
  const now = clock()
  const entry: HashedAuditEntry = {
    ...by,
    id: newId(),
    sequence: end.sequence + 1,
    createdAt: new Date(now).toISOString(),
    action,
    outcome,
    resourceType: resource.type,
    resourceId: resource.id,
    details,
    previousHash: end.hash,
  }
  const entryHash = hash('sha256', auditEntryText(organizationId, entry), 'base64url')
  return {
    organization_id: organizationId,
    sequence: entry.sequence,
    id: entry.id,
    created_at: now,
    action,
    outcome,
    actor_id: by.userId,
    credential_type: by.credentialType,
    credential_id: by.credentialId,
    resource_type: resource.type,
    resource_id: resource.id,
    ip_address: by.ipAddress,
    user_agent: by.userAgent,
    request_id: by.requestId,
    details: JSON.stringify(details),
    previous_hash: entry.previousHash,
    hash: entryHash,
    signature: auditSigner.sign(auditSignatureText(entryHash)),
  }
}
