import { readJsonFile, writeJsonFile } from '../../config/private-file'

/** What a verification found last: the next one must find it again. */
export interface Anchor {
  readonly organizationId: string
  readonly sequence: number
  readonly hash: string
  /** The key that entries are signed with: 32 bytes, base64url. */
  readonly publicKey: string
  readonly verifiedAt: string
}

const isAnchor = (value: unknown): value is Anchor => {
  if (typeof value !== 'object' || value === null) return false
  const { organizationId, sequence, hash, publicKey } = value as Record<string, unknown>
  return (
    [organizationId, hash, publicKey].every(part => typeof part === 'string') &&
    Number.isSafeInteger(sequence) &&
    Number(sequence) >= 0
  )
}

/**
 * @returns undefined if there is no such file yet
 * @throws CliError (exit 12) if it is not as we wrote it
 */
export const readAnchor = (path: string): Promise<Anchor | undefined> => readJsonFile(path, isAnchor)

/** Whole or not at all: a verification that is cut off leaves the former one. */
export const writeAnchor = (path: string, anchor: Anchor): Promise<void> => writeJsonFile(path, anchor)
