import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import {
  type AuditChain,
  type AuditEntry,
  auditCheckpointText,
  auditEntryText,
  auditSignatureText,
} from '../../contract'

const keyPair = generateKeyPairSync('ed25519')
const signText = (text: string, key: KeyObject): string =>
  sign(null, Buffer.from(text), key).toString('base64url')

/** The hash that an entry has as it is now. */
export const hashOf = (organizationId: string, entry: AuditEntry): string =>
  createHash('sha256').update(auditEntryText(organizationId, entry)).digest('base64url')

/** The entries made anew, each chained to the one before, but with the signatures that they had. */
export const rechain = (organizationId: string, entries: readonly AuditEntry[]): AuditEntry[] => {
  let previousHash = entries[0]?.previousHash ?? ''
  return entries.map(entry => {
    const chained = { ...entry, previousHash }
    previousHash = hashOf(organizationId, chained)
    return { ...chained, hash: previousHash }
  })
}

/** A log as a server writes it. */
export const writeAuditLog = (organizationId: string, length: number): AuditEntry[] => {
  const entries = Array.from(
    { length },
    (_, index): AuditEntry => ({
      id: `01ENTRY${index + 1}`,
      sequence: index + 1,
      createdAt: new Date(1_700_000_000_000 + index).toISOString(),
      action: 'project.updated',
      outcome: 'success',
      userId: '01USERADA',
      userName: 'Ada',
      credentialType: 'session',
      credentialId: '01SESSION',
      resourceType: 'project',
      resourceId: `01PROJECT${index % 7}`,
      ipAddress: '192.0.2.1',
      userAgent: 'test',
      requestId: `req_${index}`,
      details: { name: `Shop ${index}`, tags: ['a', 'b'] },
      previousHash: '',
      hash: '',
      signature: '',
    }),
  )
  return rechain(organizationId, entries).map(entry => ({
    ...entry,
    signature: signText(auditSignatureText(entry.hash), keyPair.privateKey),
  }))
}

/** The chain of a log of which entries up to `cutAt` were removed. */
export const chainOf = (organizationId: string, entries: readonly AuditEntry[], cutAt = 0): AuditChain => {
  const cut = entries[cutAt - 1]
  const checkpoint = cut && {
    sequence: cut.sequence,
    hash: cut.hash,
    createdAt: '2026-01-01T00:00:00.000Z',
  }
  const last = entries.at(-1)
  return {
    organizationId,
    lastSequence: last?.sequence ?? 0,
    lastHash: last?.hash ?? '',
    checkpoint: checkpoint
      ? {
          ...checkpoint,
          signature: signText(auditCheckpointText(organizationId, checkpoint), keyPair.privateKey),
        }
      : null,
    publicKey: keyPair.publicKey.export({ format: 'jwk' }).x ?? '',
  }
}
