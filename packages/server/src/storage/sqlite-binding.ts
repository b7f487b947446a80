/** What Snoop uses of the `node:sqlite` API. */
export interface SqliteBinding {
  readonly DatabaseSync: new (path: string, options?: { readonly readOnly?: boolean }) => SqliteDatabase
}

export interface SqliteDatabase {
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

export interface SqliteStatement {
  all(...parameters: unknown[]): unknown[]
  get(...parameters: unknown[]): unknown
  run(...parameters: unknown[]): { changes: number | bigint }
}

/** The SQLite that Node brings (without a flag from 22.13 on), else the same code as a package. */
export async function loadSqliteBinding(): Promise<SqliteBinding> {
  const builtIn = withoutWarnings(() => process.getBuiltinModule('node:sqlite'))
  return isSqliteBinding(builtIn) ? builtIn : await import('@photostructure/sqlite')
}

/** Node 22 calls the module experimental, which tells an operator nothing that they could act on. */
function withoutWarnings<T>(load: () => T): T {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return load()
  } finally {
    process.emitWarning = emitWarning
  }
}

function isSqliteBinding(module: object | undefined): module is SqliteBinding {
  return module !== undefined && 'DatabaseSync' in module
}
