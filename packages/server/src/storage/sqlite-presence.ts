import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { SqliteBinding } from './sqlite-binding'
import { SqliteConnection } from './sqlite-connection'
import { isLockedError } from './sqlite-errors'
import { createDatabaseFile } from './sqlite-file'

/**
 * Which processes are there: each holds a lock on a file of its own, which the operating system takes back however the process
 * ends. Ids of processes would not do: another container has others, and a restarted one the same again.
 */
export class SqlitePresence {
  /** Names this process. */
  readonly id = randomBytes(8).toString('hex')
  private held: SqliteConnection | undefined

  /** @param prefix of the files' paths; the id follows */
  constructor(
    private readonly binding: SqliteBinding,
    private readonly prefix: string,
  ) {}

  /** From now on others see this process. @throws StorageError */
  show(): void {
    createDatabaseFile(this.prefix + this.id)
    this.held = this.lock(this.id)
  }

  hide(): void {
    this.held?.close()
    this.held = undefined
    this.removeFile(this.id)
  }

  /** Call it while nobody can show up. The other processes that are there. @throws StorageError */
  listOthers(): string[] {
    const name = basename(this.prefix)
    return readdirSync(dirname(this.prefix))
      .filter(file => file.startsWith(name))
      .map(file => file.slice(name.length))
      .filter(id => /^[0-9a-f]{16}$/.test(id) && id !== this.id && this.isThere(id))
  }

  /** Whether a process that has shown up still runs; what is left of a dead one is removed. @throws StorageError */
  isThere(id: string): boolean {
    try {
      this.lock(id).close()
    } catch (error) {
      if (isLockedError(error)) return true
      throw error
    }
    this.removeFile(id)
    return false
  }

  /** @throws StorageError, of a lock that another process holds too */
  private lock(id: string): SqliteConnection {
    const connection = new SqliteConnection(this.binding, this.prefix + id, { readOnly: false })
    try {
      connection.exec('pragma busy_timeout = 0; pragma journal_mode = memory; begin exclusive')
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  }

  private removeFile(id: string): void {
    rmSync(this.prefix + id, { force: true })
  }
}
