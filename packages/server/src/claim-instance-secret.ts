import { createHmac } from 'node:crypto'
import { ConfigError } from './config/config-error'
import {
  deriveKey,
  findInstanceSecret,
  LOST_WITH_SECRET,
  makeInstanceSecret,
} from './config/read-instance-secret'
import type { StorageEngine } from './storage/engine'
import { InstanceCheckStore } from './storage/stores/instance-check-store'

/** What the database keeps of the secret: enough to know it by, of no use for anything else. */
const checkValueOf = (secret: Buffer): string =>
  createHmac('sha256', deriveKey(secret, 'check')).update('instance').digest('base64url')

const refuse = (problem: string): ConfigError =>
  new ConfigError([
    `secretFile: ${problem}. Nothing was changed. Restore the right file from a backup, or name its place by --secret-file. If it is gone for good, ${LOST_WITH_SECRET}: to go on with a new one, empty the table instance_checks and start again`,
  ])

/**
 * Finds the secret that the database was filled with, and brings the tables up to date. A database that was not filled
 * yet gets the secret of the file, which is made if it is missing. With any other secret nothing is touched.
 * @throws ConfigError if the file is missing or holds another secret, or cannot be read or made; StorageError
 */
export const claimInstanceSecret = async (file: string, engine: StorageEngine): Promise<Buffer> => {
  const checks = new InstanceCheckStore(engine.db)
  // In this order: of processes that start at once, one has made the file before the database is filled.
  const kept = await checks.find()
  const found = await findInstanceSecret(file)
  if (kept !== undefined && found === undefined)
    throw refuse(`${file} is missing, and the database was filled with the secret in it`)
  const foreign = () => refuse(`${file} holds another secret than the one that the database was filled with`)
  if (kept !== undefined && found !== undefined && checkValueOf(found) !== kept) throw foreign()
  await engine.migrate()
  const secret = found ?? (await makeInstanceSecret(file))
  const value = checkValueOf(secret)
  if ((await checks.findOrInsert(value)) !== value) throw foreign()
  return secret
}
