import { existsSync } from 'node:fs'
import type { Config, DatabaseLocation } from './config/config'
import type { OperatorCommand, OperatorCommandName } from './config/operator-commands'
import { databaseAddress } from './database-address'
import { type SetActiveOutcome, setUserActive } from './domain/accounts/disable-user'
import type { Logger } from './observability/logger'
import { assertMigrated } from './storage/migrate'
import { openEngine } from './storage/open-engine'
import { createStorage } from './storage/storage'
import { StorageError } from './storage/storage-error'

/** What became of a command, in a sentence for the operator. */
export interface OperatorAnswer {
  readonly isDone: boolean
  readonly message: string
}

const ANSWERS: Readonly<
  Record<OperatorCommandName, Readonly<Record<Exclude<SetActiveOutcome, 'unknown'>, string>>>
> = {
  'disable-user': {
    changed: 'is disabled: its sessions and API keys are refused from the next request on.',
    unchanged: 'was disabled already.',
  },
  'enable-user': {
    changed: 'is enabled: it must sign in again, and its API keys work again.',
    unchanged: 'was not disabled.',
  },
}

/** A mistyped place must not become a new database. */
const assertThere = (database: DatabaseLocation): void => {
  if (database.engine === 'sqlite' && !existsSync(database.file))
    throw new StorageError(
      `There is no database at ${database.file}. Name the one that the server uses, by --data-dir or --database.`,
    )
}

/**
 * Runs a command on the database of a server, which may be running.
 * @throws StorageError if there is no such database, or its tables are of another version
 */
export const runOperatorCommand = async (
  { name, email }: OperatorCommand,
  config: Pick<Config, 'database'>,
  logger: Logger,
  clock: () => number,
): Promise<OperatorAnswer> => {
  assertThere(config.database)
  const engine = await openEngine({ database: databaseAddress(config.database), maxConnections: 1 })
  try {
    await assertMigrated(engine.db)
    const context = { storage: createStorage(engine), logger, clock }
    const outcome = await setUserActive(context, email, name === 'enable-user')
    if (outcome === 'unknown')
      return { isDone: false, message: `There is no account with the address ${email}.` }
    return { isDone: true, message: `${email} ${ANSWERS[name][outcome]}` }
  } finally {
    await engine.close()
  }
}
