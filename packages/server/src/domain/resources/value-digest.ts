import { hash } from 'node:crypto'

/** How the value of a unique field is kept in the list of those that are taken: its SHA-256. @param value as it stands in the row */
export const valueDigest = (value: string | number | boolean): string =>
  hash('sha256', JSON.stringify(value), 'base64url')
