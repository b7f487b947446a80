import { createHmac } from 'node:crypto'
import { openText, sealText } from '../../sealing/seal-text'
import type { IdempotencyClaimRow } from '../../storage/stores/idempotency-claim-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { keyedHash } from '../keyed-hash'
import type { Principal } from '../principals/principal'
import type { IdempotencyClaim } from './idempotency-claim'

const SECOND_MS = 1000
/** How long the same key gets the same answer. */
export const KEPT_MS = 24 * 3600 * SECOND_MS
/** Longer than any request takes: one that is still running then has died with its server. */
const MAX_RUN_MS = 120 * SECOND_MS
const MAX_TRIES = 3

/** A write as its client asks for it. */
export interface RepeatableWrite {
  readonly principal: Principal
  /** The client's Idempotency-Key. */
  readonly key: string
  /** All that makes it this write and no other: route and input. */
  readonly request: string
}

/** Either the write is to be carried out, or it was: then this is the answer that was kept. */
export type ClaimedWrite =
  | { readonly outcome: 'claimed'; readonly claim: IdempotencyClaim }
  | { readonly outcome: 'answered'; readonly answer: string }

const claimFor = (
  context: DomainContext,
  { principal: { userId }, key }: RepeatableWrite,
): IdempotencyClaim => {
  const owned = `${userId}\0${key}`
  return {
    id: context.newId(),
    userId,
    keyHash: keyedHash(context, 'idempotency key', owned),
    sealingKey: createHmac('sha256', context.secrets.sealingKey).update(`idempotency\0${owned}`).digest(),
  }
}

/**
 * An API key is answered what it asked for itself alone: the answer to a session or to a wider key, such as the secret of
 * a new key, may be more than it could get by itself.
 */
const requestHashOf = (context: DomainContext, { principal, key, request }: RepeatableWrite): string => {
  const { kind, userId, credentialId } = principal
  const by = kind === 'apiKey' ? credentialId : kind
  return keyedHash(context, 'idempotency request', [userId, key, by, request].join('\0'))
}

const stillRunning = (): DomainError =>
  new DomainError('CONFLICT', {
    message: 'The first request with this Idempotency-Key is still running; ask again in a moment',
    detail: { retryAfterSeconds: 1 },
  })

/** What an earlier claim on the same key means for this write. @returns its answer; undefined: the key can be had anew */
const judgeEarlier = (
  earlier: IdempotencyClaimRow,
  requestHash: string,
  sealingKey: Buffer,
  now: number,
): string | undefined => {
  if (earlier.created_at <= now - KEPT_MS) return undefined
  if (earlier.request_hash !== requestHash) {
    throw new DomainError('CONFLICT', {
      message: 'This Idempotency-Key was used for another request; use a new one',
    })
  }
  if (earlier.sealed_answer !== null) {
    return openText(earlier.sealed_answer, { key: sealingKey, context: earlier.id })
  }
  if (earlier.created_at > now - MAX_RUN_MS) throw stillRunning()
  if (earlier.state === 'running') return undefined
  throw new DomainError('CONFLICT', {
    message:
      'The first request with this Idempotency-Key was carried out, but its answer was lost; look for what it made',
  })
}

/** @throws DomainError USER_NOT_ACTIVE if the account has gone since the request was let in */
const insertClaim = async ({ storage }: DomainContext, row: IdempotencyClaimRow): Promise<boolean> => {
  try {
    return await storage.idempotencyClaims.insert(row)
  } catch (error) {
    if (await storage.users.find(row.user_id)) throw error
    throw new DomainError('USER_NOT_ACTIVE')
  }
}

/**
 * Takes a key for a write, or finds the answer that the key got before. Keys are the user's own, for 24 hours.
 * @throws DomainError CONFLICT for a key that was used for something else, or whose first request has no answer yet
 */
export const claimWrite = async (context: DomainContext, write: RepeatableWrite): Promise<ClaimedWrite> => {
  const { storage, clock } = context
  const { idempotencyClaims } = storage
  const claim = claimFor(context, write)
  const { id, userId, keyHash, sealingKey } = claim
  const requestHash = requestHashOf(context, write)
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const now = clock()
    const row = { user_id: userId, key_hash: keyHash, id, request_hash: requestHash }
    const begun = { ...row, state: 'running', sealed_answer: null, created_at: now }
    if (await insertClaim(context, begun)) return { outcome: 'claimed', claim }
    const earlier = await idempotencyClaims.find(userId, keyHash)
    if (!earlier) continue
    const answer = judgeEarlier(earlier, requestHash, sealingKey, now)
    if (answer !== undefined) return { outcome: 'answered', answer }
    await idempotencyClaims.delete(earlier)
  }
  throw stillRunning()
}

/** Keeps the answer for whoever asks again. */
export const keepAnswer = async (
  { storage }: DomainContext,
  { id, userId, keyHash, sealingKey }: IdempotencyClaim,
  answer: string,
): Promise<void> => {
  const sealed_answer = sealText(answer, { key: sealingKey, context: id })
  await storage.idempotencyClaims.update(
    { id, user_id: userId, key_hash: keyHash },
    { state: 'answered', sealed_answer },
  )
}

/** The write was refused: its key can be used again. One that was carried out stays used. */
export const releaseClaim = async (
  { storage }: DomainContext,
  { id, userId, keyHash }: IdempotencyClaim,
): Promise<void> => {
  await storage.idempotencyClaims.delete({ id, user_id: userId, key_hash: keyHash, state: 'running' })
}
