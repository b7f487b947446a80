import type { AuditChainRow, AuditCheckpoint } from '../../storage/stores/audit-log-store'
import type { DomainContext } from '../domain-context'

/** Where an audit log begins and ends, and the key that its signatures are checked with. */
export interface AuditChainEnds {
  /** 0: nothing was written yet. */
  readonly lastSequence: number
  readonly lastHash: string
  readonly checkpoint: AuditCheckpoint | undefined
  /** 32 bytes, base64url. */
  readonly publicKey: string
}

/** The newest entry that retention has removed; undefined: it removed none. */
export const checkpointOf = ({
  checkpoint_sequence: sequence,
  checkpoint_hash: hash,
  checkpoint_at: createdAt,
  checkpoint_signature: signature,
}: AuditChainRow): AuditCheckpoint | undefined =>
  sequence === null
    ? undefined
    : { sequence, hash: hash ?? '', createdAt: createdAt ?? 0, signature: signature ?? '' }

export const getAuditChain = async (
  { storage, auditSigner }: Pick<DomainContext, 'storage' | 'auditSigner'>,
  organizationId: string,
): Promise<AuditChainEnds> => {
  const chain = await storage.auditLogs.findChain(organizationId)
  return {
    lastSequence: chain?.last_sequence ?? 0,
    lastHash: chain?.last_hash ?? '',
    checkpoint: chain && checkpointOf(chain),
    publicKey: auditSigner.publicKey,
  }
}
