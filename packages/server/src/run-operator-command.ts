import { existsSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { ulid } from 'ulid'
import { claimInstanceSecret } from './claim-instance-secret'
import type { Config, DatabaseLocation } from './config/config'
import type { OperatorCommand, OperatorCommandName } from './config/operator-commands'
import { createMailer } from './create-mailer'
import { databaseAddress } from './database-address'
import { setUserActive } from './domain/accounts/set-user-active'
import { createAuditSigner } from './domain/audit/audit-signer'
import { type ResetTwoFactorContext, resetTwoFactor } from './domain/two-factor/reset-two-factor'
import { deriveInstanceKeys } from './instance-keys'
import type { Logger } from './observability/logger'
import { printAuditLog } from './print-audit-log'
import type { StorageEngine } from './storage/engine'
import { assertMigrated } from './storage/migrate'
import { openEngine } from './storage/open-engine'
import { createStorage } from './storage/storage'
import { StorageError } from './storage/storage-error'

/** What became of a command, in a sentence for the operator. */
export interface OperatorAnswer {
  readonly isDone: boolean
  /** Empty: it has printed what there is to say. */
  readonly message: string
}

type Outcome = 'changed' | 'unchanged' | 'unknown'

type BaseContext = Parameters<typeof setUserActive>[0]

interface AccountCommand {
  /** @param addSecret reads the instance secret, which only some commands need: others must work without it */
  run(context: BaseContext, email: string, addSecret: () => Promise<ResetTwoFactorContext>): Promise<Outcome>
  readonly changed: string
  readonly unchanged: string
}

const ACCOUNT_COMMANDS: Readonly<Record<Exclude<OperatorCommandName, 'export-audit-log'>, AccountCommand>> = {
  'disable-user': {
    run: (context, email) => setUserActive(context, email, false),
    changed: 'is disabled: its sessions and API keys are refused from the next request on.',
    unchanged: 'was disabled already.',
  },
  'enable-user': {
    run: (context, email) => setUserActive(context, email, true),
    changed: 'is enabled: it must sign in again, and its API keys work again.',
    unchanged: 'was not disabled.',
  },
  'reset-two-factor': {
    run: async (_context, email, addSecret) => resetTwoFactor(await addSecret(), email),
    changed:
      'signs in without a second factor from now on; its sessions have ended, and its owner is told by mail.',
    unchanged: 'has no second factor.',
  },
}

/** A mistyped place must not become a new database. */
const assertThere = (database: DatabaseLocation): void => {
  if (database.engine === 'sqlite' && !existsSync(database.file))
    throw new StorageError(
      `There is no database at ${database.file}. Name the one that the server uses, by --data-dir or --database.`,
    )
}

type OperatorConfig = Pick<Config, 'database' | 'secretFile' | 'origin' | 'host' | 'port'>

const withSecret = async (
  context: BaseContext,
  config: OperatorConfig,
  engine: StorageEngine,
): Promise<ResetTwoFactorContext> => {
  const { clock } = context
  const newId = () => ulid(clock())
  const { outboxKey, auditSeed, secrets } = deriveInstanceKeys(
    await claimInstanceSecret(config.secretFile, engine),
  )
  return {
    ...context,
    secrets,
    newId,
    auditSigner: createAuditSigner(auditSeed),
    // The running server finds the mail in the outbox.
    mailer: createMailer(newId, clock, outboxKey, () => {}),
    settings: { origin: config.origin ?? `http://${config.host}:${config.port}` },
  }
}

/**
 * Runs a command on the database of a server, which may be running.
 * @param output where what was asked for is printed
 * @throws ConfigError for the instance secret; StorageError if there is no such database, or its tables are of another
 *   version
 */
export const runOperatorCommand = async (
  { name, subject }: OperatorCommand,
  config: OperatorConfig,
  logger: Logger,
  clock: () => number,
  output: Writable,
): Promise<OperatorAnswer> => {
  assertThere(config.database)
  const engine = await openEngine({ database: databaseAddress(config.database), maxConnections: 1 })
  try {
    await assertMigrated(engine.db)
    const context = { storage: createStorage(engine), logger, clock }
    const addSecret = () => withSecret(context, config, engine)
    if (name === 'export-audit-log') {
      const isPrinted = await printAuditLog(await addSecret(), subject, output)
      return { isDone: isPrinted, message: isPrinted ? '' : `No organization ${subject} has an audit log.` }
    }
    const command = ACCOUNT_COMMANDS[name]
    const outcome = await command.run(context, subject, addSecret)
    if (outcome === 'unknown')
      return { isDone: false, message: `There is no account with the address ${subject}.` }
    return { isDone: true, message: `${subject} ${command[outcome]}` }
  } finally {
    await engine.close()
  }
}
