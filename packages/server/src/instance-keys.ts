import { deriveKey } from './config/read-instance-secret'
import type { DomainSecrets } from './domain/domain-context'

/** What the instance secret is used for, each with a key of its own. */
export interface InstanceKeys {
  /** Seals mails in the outbox. */
  readonly outboxKey: Buffer
  /** Seed of the key that signs audit entries. */
  readonly auditSeed: Buffer
  readonly secrets: DomainSecrets
}

export const deriveInstanceKeys = (instanceSecret: Buffer): InstanceKeys => ({
  outboxKey: deriveKey(instanceSecret, 'outbox'),
  auditSeed: deriveKey(instanceSecret, 'audit'),
  secrets: {
    sealingKey: deriveKey(instanceSecret, 'sealing'),
    lookupKey: deriveKey(instanceSecret, 'lookup'),
    tokenKey: deriveKey(instanceSecret, 'access-tokens'),
  },
})
