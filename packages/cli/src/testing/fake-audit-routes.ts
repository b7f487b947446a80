import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { TransportRequest } from '@snoop/sdk'
import {
  type AuditChain,
  type AuditEntry,
  auditCheckpointText,
  auditEntryText,
  auditSignatureText,
} from '@snoop/sdk/contract'
import { type FakeAnswer, ok } from './fake-answers'
import { type FakeCaller, missingScopes } from './fake-routes'
import type { FakeState } from './fake-snoop'

/** The audit log of Acme. Tests write to it, and forge it. */
interface FakeAuditLog {
  readonly entries: AuditEntry[]
  checkpoint: AuditChain['checkpoint']
  privateKey: KeyObject
}

const AUDITED_ORGANIZATION = '01ORGACME'

const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey
const known = new WeakMap<FakeState, FakeAuditLog>()

export const auditLogOf = (state: FakeState): FakeAuditLog => {
  const log = known.get(state) ?? { entries: [], checkpoint: null, privateKey: newKey() }
  known.set(state, log)
  return log
}

const publicKeyOf = ({ privateKey }: FakeAuditLog): string => {
  const { x } = privateKey.export({ format: 'jwk' })
  return x ?? ''
}

const signText = (log: FakeAuditLog, text: string): string =>
  sign(null, Buffer.from(text), log.privateKey).toString('base64url')

/** An entry with this in it as the server would hash and sign it. */
export const sealEntry = (log: FakeAuditLog, entry: Omit<AuditEntry, 'hash' | 'signature'>): AuditEntry => {
  const hash = createHash('sha256').update(auditEntryText(AUDITED_ORGANIZATION, entry)).digest('base64url')
  return { ...entry, hash, signature: signText(log, auditSignatureText(hash)) }
}

/** Writes an entry to the end of the log. */
export const addAuditEntry = (state: FakeState, facts: Partial<AuditEntry> = {}): AuditEntry => {
  const log = auditLogOf(state)
  const last = log.entries.at(-1)
  const sequence = (last?.sequence ?? log.checkpoint?.sequence ?? 0) + 1
  const entry = sealEntry(log, {
    id: `01ENTRY${sequence}`,
    sequence,
    createdAt: new Date(state.now()).toISOString(),
    action: 'project.created',
    outcome: 'success',
    userId: state.user.id,
    userName: 'Ada',
    credentialType: 'session',
    credentialId: '01SESSION1',
    resourceType: 'project',
    resourceId: `01PROJ${sequence}`,
    ipAddress: '192.0.2.1',
    userAgent: 'snoop-cli',
    requestId: 'req_1',
    details: { name: 'Café "x", y' },
    previousHash: last?.hash ?? log.checkpoint?.hash ?? '',
    ...facts,
  })
  log.entries.push(entry)
  return entry
}

/** What retention does: removes the entries up to this one, which a signed checkpoint stands for then. */
export const removeAuditEntries = (state: FakeState, upTo: number): void => {
  const log = auditLogOf(state)
  const removed = log.entries.splice(0, log.entries.findIndex(({ sequence }) => sequence === upTo) + 1)
  const { sequence = 0, hash = '' } = removed.at(-1) ?? {}
  const createdAt = new Date(state.now()).toISOString()
  const facts = { sequence, hash, createdAt }
  const signature = signText(log, auditCheckpointText(AUDITED_ORGANIZATION, facts))
  log.checkpoint = { ...facts, signature }
}

/** Another secret than the log was written with: what is written from now on is signed by another key. */
export const changeAuditKey = (state: FakeState): void => {
  auditLogOf(state).privateKey = newKey()
}

export const auditChain = (state: FakeState): AuditChain => {
  const log = auditLogOf(state)
  const last = log.entries.at(-1)
  return {
    organizationId: AUDITED_ORGANIZATION,
    lastSequence: last?.sequence ?? log.checkpoint?.sequence ?? 0,
    lastHash: last?.hash ?? log.checkpoint?.hash ?? '',
    checkpoint: log.checkpoint,
    publicKey: publicKeyOf(log),
  }
}

export const jsonLines = (entries: readonly AuditEntry[]): string =>
  entries.map(entry => `${JSON.stringify(entry)}\n`).join('')

const chosen = (log: FakeAuditLog, query: URLSearchParams): AuditEntry[] => {
  const after = Number(query.get('afterSequence') ?? 0)
  const from = Date.parse(query.get('startDate') ?? '1970-01-01')
  const is = (name: keyof AuditEntry, entry: AuditEntry): boolean =>
    query.get(name) === null || query.get(name) === entry[name]
  return log.entries.filter(
    entry =>
      entry.sequence > after &&
      Date.parse(entry.createdAt) >= from &&
      (['action', 'resourceType', 'resourceId', 'userId', 'outcome'] as const).every(name => is(name, entry)),
  )
}

/** The endpoints below `…/audit-logs`; undefined for every other path. */
export const answerAuditRequest = (
  state: FakeState,
  caller: FakeCaller,
  { url }: TransportRequest,
): FakeAnswer | undefined => {
  const place = url.pathname.split('/').slice(5).join('/')
  if (!place.startsWith('audit-logs')) return undefined
  const missing = missingScopes(caller, 'user:read')
  if (missing) return missing
  if (place === 'audit-logs/chain') return ok(auditChain(state))
  const query = url.searchParams
  const entries = chosen(auditLogOf(state), query)
  if (place === 'audit-logs/export') {
    const text =
      query.get('format') === 'csv'
        ? ['sequence,action', ...entries.map(({ sequence, action }) => `${sequence},${action}`), ''].join(
            '\n',
          )
        : jsonLines(entries)
    const type = query.get('format') === 'csv' ? 'text/csv' : 'application/x-ndjson'
    return { status: 200, body: text, headers: { 'content-type': `${type}; charset=utf-8` } }
  }
  const ordered = query.get('sort') === 'createdAt' ? entries : [...entries].reverse()
  const offset = Number(query.get('offset') ?? 0)
  const limit = Number(query.get('limit') ?? 20)
  return ok(
    { logs: ordered.slice(offset, offset + limit) },
    { total: ordered.length, offset, limit, hasMore: offset + limit < ordered.length },
  )
}
