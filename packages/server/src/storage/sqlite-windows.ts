import { existsSync, realpathSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { PreparedQuery } from './engine'
import type { SqliteBinding } from './sqlite-binding'
import { SqliteConnection } from './sqlite-connection'
import { createDatabaseFile } from './sqlite-file'
import { SqlitePresence } from './sqlite-presence'
import { StorageError } from './storage-error'
import { createWindowStore, type SharedWindows, type StoredWindow } from './window-store'

const BUSY_TIMEOUT_MS = 5_000
const JOIN_TIMEOUT_MS = 2_000
const ASK_AGAIN_MS = 5

const TABLES = `
  create table if not exists request_windows (
    subject text primary key, started_at integer not null, used integer not null, ends_at integer not null
  ) without rowid;
  create table if not exists processes (id text primary key, is_shared integer not null) without rowid;
`

const PRAGMAS = `pragma busy_timeout = ${BUSY_TIMEOUT_MS}; pragma journal_mode = wal; pragma synchronous = off`

/** Where a process may have counted though it did not answer in time, both counts are of the same window. */
const ADD = `insert into request_windows (subject, started_at, used, ends_at) values (?, ?, ?, ?)
  on conflict (subject) do update set used = used + excluded.used`

/** Runs `work` while no other process can change the database. */
export type Gate = <T>(work: () => T) => Promise<T>

/** A process that is on the list. */
interface Joined {
  readonly connection: SqliteConnection
  readonly presence: SqlitePresence
  readonly readDataVersion: () => unknown
}

/**
 * Windows in a side file of the database, which is not synchronised to the disk. It is used only once there is a second
 * process: each process is listed in it, whoever comes is seen by SQLite's `data_version`, and whoever counted alone puts
 * its windows in before the newcomer counts anything.
 */
export class SqliteWindows implements SharedWindows {
  readonly store = createWindowStore(<Row>(sql: string): PreparedQuery<Row> => {
    let statement: ReturnType<SqliteConnection['prepareFirst']> | undefined
    return (...parameters) => {
      const first = statement ?? this.current.connection.prepareFirst(sql)
      statement = first
      return first(parameters) as Row | undefined
    }
  })
  private joined: Joined | undefined
  private dataVersion: unknown
  private shared = false

  /** @param path of the database file, which is there; @param gate over that database */
  constructor(
    private readonly binding: SqliteBinding,
    private readonly path: string,
    private readonly gate: Gate,
  ) {}

  get isShared(): boolean {
    return this.shared
  }

  async join(timeoutMs = JOIN_TIMEOUT_MS): Promise<boolean> {
    const others = await this.gate(() => this.enter())
    const lastLook = performance.now() + timeoutMs
    while (others && this.hasLiving('select id from processes where id <> ? and is_shared = 0')) {
      if (performance.now() > lastLook) return false
      await delay(ASK_AGAIN_MS)
    }
    return true
  }

  look(listCounted: () => Iterable<readonly [subject: string, window: StoredWindow]>): void {
    if (this.shared) return
    const dataVersion = this.current.readDataVersion()
    if (dataVersion === this.dataVersion) return
    this.dataVersion = dataVersion
    if (this.hasLiving('select id from processes where id <> ?')) this.share(listCounted())
  }

  /** Takes this process off the list. */
  leave(): void {
    const { joined } = this
    if (!joined) return
    this.joined = undefined
    try {
      joined.connection.run('delete from processes where id = ?', [joined.presence.id])
    } finally {
      joined.connection.close()
      joined.presence.hide()
    }
  }

  private get current(): Joined {
    if (!this.joined) throw new StorageError('The database is closed.')
    return this.joined
  }

  /** @returns whether there are other processes */
  private enter(): boolean {
    const file = `${realpathSync(this.path)}-limits`
    const presence = new SqlitePresence(this.binding, `${file}-`)
    const others = presence.listOthers()
    // What a crash has left says nothing to anybody, and may be damaged.
    if (others.length === 0) for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
    if (!existsSync(file)) createDatabaseFile(file)
    const connection = new SqliteConnection(this.binding, file, { readOnly: false })
    try {
      connection.exec(PRAGMAS)
      connection.exec(TABLES)
      presence.show()
      this.shared = others.length > 0
      connection.run('insert into processes (id, is_shared) values (?, ?)', [
        presence.id,
        Number(this.shared),
      ])
    } catch (error) {
      connection.close()
      presence.hide()
      throw error
    }
    const first = connection.prepareFirst('pragma data_version')
    const readDataVersion = () => (first([]) as { data_version: unknown }).data_version
    this.joined = { connection, presence, readDataVersion }
    this.dataVersion = readDataVersion()
    return this.shared
  }

  /** @param ids of processes that have shown up: of this one is the parameter */
  private hasLiving(ids: string): boolean {
    const { connection, presence } = this.current
    const { rows } = connection.run<{ id: string }>(ids, [presence.id])
    return rows.some(({ id }) => presence.isThere(id))
  }

  private share(counted: Iterable<readonly [subject: string, window: StoredWindow]>): void {
    const { connection, presence } = this.current
    connection.exec('begin immediate')
    try {
      for (const [subject, { startedAt, used, endsAt }] of counted)
        connection.run(ADD, [subject, startedAt, used, endsAt])
      connection.run('update processes set is_shared = 1 where id = ?', [presence.id])
      connection.exec('commit')
    } catch (error) {
      connection.exec('rollback')
      throw error
    }
    this.shared = true
  }
}
