import { join } from 'node:path'
import { withFileLock } from '../config/file-lock'
import { readJsonFile, writeJsonFile } from '../config/private-file'
import type { CommandContext } from '../context'
import type { KeyRecord } from './account-records'
import { identityName } from './identity'

/**
 * A rotation that was begun and not finished. It is written before the server hears of it and holds no secret, so that
 * a rotation whose answer was lost, or whose process died, is asked for again rather than anew.
 */
export interface RotationEntry {
  readonly keyId: string
  /** The server answers a repeated rotation of this name with a fresh secret of the same successor. */
  readonly idempotencyKey: string
  /** Seconds that the server was asked to keep the old key for. */
  readonly gracePeriod: number
  /** The old key is to go as soon as the new one is in place. */
  readonly revokeFormer: boolean
  readonly expiresIn: number | null
  /** The successor, once the server has named it. */
  readonly successor: KeyRecord | null
}

type Journal = Readonly<Record<string, RotationEntry>>

const isEntry = (value: unknown): value is RotationEntry =>
  typeof value === 'object' &&
  value !== null &&
  'keyId' in value &&
  typeof value.keyId === 'string' &&
  'idempotencyKey' in value &&
  typeof value.idempotencyKey === 'string' &&
  'successor' in value

const isJournal = (value: unknown): value is Journal =>
  typeof value === 'object' && value !== null && Object.values(value).every(isEntry)

const journalPath = (context: CommandContext): string => join(context.directories.state, 'rotations.json')

const entryName = async (context: CommandContext, keyId: string): Promise<string> =>
  `${identityName(await context.identity())} ${keyId}`

const readJournal = async (context: CommandContext): Promise<Journal> =>
  (await readJsonFile(journalPath(context), isJournal)) ?? {}

const changeJournal = (context: CommandContext, change: (journal: Journal) => Journal): Promise<void> =>
  withFileLock(`${journalPath(context)}.lock`, async () => {
    await writeJsonFile(journalPath(context), change(await readJournal(context)))
  })

/** The unfinished rotation of this key: it is the one that goes, or already the one that came. */
export const findRotation = async (
  context: CommandContext,
  keyId: string,
): Promise<RotationEntry | undefined> => {
  const own = `${identityName(await context.identity())} `
  const entries = Object.entries(await readJournal(context)).filter(([name]) => name.startsWith(own))
  return entries.find(([, entry]) => entry.keyId === keyId || entry.successor?.id === keyId)?.[1]
}

/** Notes down how far the rotation has come. On the disk when the promise resolves. */
export const writeRotation = async (context: CommandContext, entry: RotationEntry): Promise<void> => {
  const name = await entryName(context, entry.keyId)
  await changeJournal(context, journal => ({ ...journal, [name]: entry }))
}

/** The rotation is over. */
export const clearRotation = async (context: CommandContext, { keyId }: RotationEntry): Promise<void> => {
  const name = await entryName(context, keyId)
  await changeJournal(context, ({ [name]: _, ...others }) => others)
}
