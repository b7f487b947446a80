const POSTGRES_UNDEFINED_TABLE = '42P01'

/** Whether `error` says that a statement names a table that the database does not have (yet). */
export const isMissingTable = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === POSTGRES_UNDEFINED_TABLE) || error.message.startsWith('no such table'))
