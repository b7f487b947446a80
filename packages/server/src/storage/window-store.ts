import type { StorageEngine } from './engine'

/** What was used of a rate limit, since when, and when it is over. Times in milliseconds since 1970. */
export interface StoredWindow {
  readonly startedAt: number
  readonly used: number
  readonly endsAt: number
}

/** Windows by their subjects, written by several processes at once. A crash of the machine may lose them. */
export interface WindowStore {
  find(subject: string): Promise<StoredWindow | undefined>
  /**
   * Compare and swap, in one statement.
   * @param expected what was found or written before; undefined: nothing
   * @returns false, and nothing is changed, if there is another one than expected
   */
  swap(
    subject: string,
    expected: Pick<StoredWindow, 'startedAt' | 'used'> | undefined,
    next: StoredWindow,
  ): Promise<boolean>
  /** Those that ended before `time`. */
  deleteEnded(time: number): Promise<void>
}

/** Windows that all processes on a database count in together. */
export interface SharedWindows {
  readonly store: WindowStore
  /** Whether other processes count in them too. Once true it stays so. */
  readonly isShared: boolean
  /**
   * Before the first request: tells the processes that count alone of this one.
   * @param timeoutMs how long to wait for them, 2000 unless said
   * @returns once none counts alone any more; false if one of them did not answer in time
   * @throws StorageError
   */
  join(timeoutMs?: number): Promise<boolean>
  /**
   * Whether another process has come; cheap, to be asked often. Then `isShared` is true from now on.
   * @param listCounted what this process has counted alone
   * @throws StorageError
   */
  look(listCounted: () => Iterable<readonly [subject: string, window: StoredWindow]>): void
}

type WindowRow = { started_at: number; used: number; ends_at: number }

const UPSERT = `insert into request_windows (subject, started_at, used, ends_at) values (?, ?, ?, ?)
  on conflict (subject) do update set started_at = excluded.started_at, used = excluded.used, ends_at = excluded.ends_at`

/**
 * Windows are told apart by what they say, so they need no version: whoever finds the one that it decided on may go on.
 * @param prepare of the engine that has the table `request_windows`
 */
export const createWindowStore = (prepare: StorageEngine['prepare']): WindowStore => {
  const find = prepare<WindowRow>('select started_at, used, ends_at from request_windows where subject = ?')
  const swap = prepare(
    `${UPSERT} where request_windows.started_at = ? and request_windows.used = ? returning subject`,
  )
  const deleteEnded = prepare('delete from request_windows where ends_at < ?')
  return {
    find: async subject => {
      const row = await find(subject)
      return row && { startedAt: row.started_at, used: row.used, endsAt: row.ends_at }
    },
    swap: async (subject, expected, { startedAt, used, endsAt }) => {
      const row = await swap(
        subject,
        startedAt,
        used,
        endsAt,
        expected?.startedAt ?? null,
        expected?.used ?? null,
      )
      return row !== undefined
    },
    deleteEnded: async time => {
      await deleteEnded(time)
    },
  }
}
