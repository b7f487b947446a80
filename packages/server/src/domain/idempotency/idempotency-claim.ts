/** A write that carries an Idempotency-Key, under way. */
export interface IdempotencyClaim {
  readonly id: string
  readonly userId: string
  readonly keyHash: string
  /** What the answer is sealed with: it takes the client's key, which is not stored. */
  readonly sealingKey: Buffer
}
