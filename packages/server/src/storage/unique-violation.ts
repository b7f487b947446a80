import type { UniqueViolation } from './engine'

const SQLITE_MESSAGE = /UNIQUE constraint failed: (.+)$/
const POSTGRES_UNIQUE_VIOLATION = '23505'
const COLUMN_SEPARATOR = '__'

/** The name that a unique index must have, so that a violation can be told by it: `projects_organization_id__slug_unique`. */
export function uniqueIndexName(table: string, columns: readonly string[]): string {
  return `${table}_${columns.join(COLUMN_SEPARATOR)}_unique`
}

/** The columns whose values were taken already, or undefined if `error` is no violation of a unique index. */
export function findUniqueViolation(error: unknown): UniqueViolation | undefined {
  if (!(error instanceof Error)) return undefined
  return readSqliteMessage(error.message) ?? readPostgresError(error)
}

function readSqliteMessage(message: string): UniqueViolation | undefined {
  const qualified = SQLITE_MESSAGE.exec(message)?.[1]?.split(', ')
  const table = qualified?.[0]?.split('.')[0]
  if (qualified === undefined || table === undefined) return undefined
  return { table, columns: qualified.map(column => column.slice(table.length + 1)) }
}

function readPostgresError(
  error: Error & { code?: unknown; table?: unknown; constraint?: unknown },
): UniqueViolation | undefined {
  const { code, table, constraint } = error
  if (code !== POSTGRES_UNIQUE_VIOLATION || typeof table !== 'string' || typeof constraint !== 'string')
    return undefined
  const columns = constraint.slice(table.length + 1).replace(/_unique$/, '')
  return { table, columns: columns.split(COLUMN_SEPARATOR) }
}
