import { StorageError } from './storage-error'

const LOCKED = 'is locked'
const FOLDER_ADVICE = 'Give the user that runs Snoop the right to write the file and its folder.'
const CLOSED = 'The database is closed.'

// The two bindings agree on SQLite's own words, but not on the codes: one of them leaves the code out of some errors.
const EXPLANATIONS: readonly (readonly [words: string, explain: (path: string) => string])[] = [
  [
    'file is not a database',
    path => `${path} is not an SQLite database. Name another file, or move this one away.`,
  ],
  ['disk image is malformed', path => `The database ${path} is damaged. Restore it from a backup.`],
  ['unable to open database', path => `The database ${path} can't be opened. ${FOLDER_ADVICE}`],
  ['readonly database', path => `The database ${path} can't be written. ${FOLDER_ADVICE}`],
  ['disk is full', path => `The disk that holds the database ${path} is full. Free some space on it.`],
  [
    'disk I/O error',
    path => `The disk that holds the database ${path} failed. Check the disk and its space.`,
  ],
  [LOCKED, path => `Another program keeps the database ${path} locked. Stop that program.`],
  ['database is not open', () => CLOSED],
  ['connection is closed', () => CLOSED],
  ['statement has been finalized', () => CLOSED],
]

/** Turns a failure of the database file into a StorageError that names the file; returns any other error as it is. */
export function explainSqliteError(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error
  const found = EXPLANATIONS.find(([words]) => error.message.includes(words))
  return found === undefined ? error : new StorageError(found[1](path), { cause: error })
}

/** Whether `error` says that another connection keeps the database locked. */
export function isLockedError(error: unknown): boolean {
  return error instanceof StorageError && error.cause instanceof Error && error.cause.message.includes(LOCKED)
}
