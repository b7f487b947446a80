import type { AuditEntry } from '../../contract'

const TEXTS = [
  'id',
  'createdAt',
  'action',
  'outcome',
  'credentialType',
  'resourceType',
  'previousHash',
  'hash',
  'signature',
] as const
const TEXTS_OR_NULL = ['userId', 'credentialId', 'resourceId', 'ipAddress', 'userAgent', 'requestId'] as const

const isEntry = (value: unknown): value is AuditEntry => {
  if (typeof value !== 'object' || value === null) return false
  const entry = value as Readonly<Record<string, unknown>>
  return (
    Number.isSafeInteger(entry.sequence) &&
    Number(entry.sequence) > 0 &&
    TEXTS.every(name => typeof entry[name] === 'string') &&
    TEXTS_OR_NULL.every(name => entry[name] === null || typeof entry[name] === 'string') &&
    typeof entry.details === 'object' &&
    entry.details !== null
  )
}

/** An entry out of a JSON line, with every part that its hash covers; undefined if it is none. */
export const readAuditLine = (line: string): AuditEntry | undefined => {
  try {
    const value: unknown = JSON.parse(line)
    return isEntry(value) ? value : undefined
  } catch {
    return undefined
  }
}
