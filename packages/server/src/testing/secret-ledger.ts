import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'

/** Every table of the public schema as text, one row a line. */
const dumpPostgres = async (url: string): Promise<string> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const tables = await client.query<{ table_name: string }>(
      "select table_name from information_schema.tables where table_schema = 'public'",
    )
    let dump = ''
    for (const { table_name } of tables.rows) {
      const { rows } = await client.query<{ line: string }>(`select t::text as line from "${table_name}" t`)
      dump += rows.map(row => row.line).join('\n')
    }
    return dump
  } finally {
    await client.end()
  }
}

const readFolder = (folder: string): Map<string, Buffer> => {
  const files = new Map<string, Buffer>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(path, readFileSync(path))
  }
  return files
}

/** Remembers the secrets that passed by in a test, and looks for them where none may ever be found. */
export class SecretLedger {
  private readonly secrets = new Set<string>()

  add(secret: unknown): void {
    if (typeof secret === 'string' && secret.length >= 8) this.secrets.add(secret)
  }

  remove(secret: string): void {
    this.secrets.delete(secret)
  }

  get size(): number {
    return this.secrets.size
  }

  /**
   * Looks through every file of the data folder (outbox), the SQLite database with its WAL or a dump of the PostgreSQL
   * one, and the log.
   * @returns where a secret was found; never the secret itself
   */
  async findLeaks(dataDir: string, databaseUrl: string | undefined, log: string): Promise<string[]> {
    const texts = readFolder(dataDir)
    if (databaseUrl?.startsWith('sqlite:')) {
      for (const [path, text] of readFolder(dirname(databaseUrl.slice('sqlite:'.length))))
        texts.set(path, text)
    }
    texts.set('the log', Buffer.from(log))
    if (databaseUrl?.startsWith('postgres')) {
      texts.set('the PostgreSQL database', Buffer.from(await dumpPostgres(databaseUrl)))
    }
    const leaks: string[] = []
    for (const [place, text] of texts) {
      for (const secret of this.secrets) if (text.includes(Buffer.from(secret))) leaks.push(place)
    }
    return [...new Set(leaks)]
  }
}
