import { hkdfSync, randomBytes } from 'node:crypto'
import { type FileHandle, link, mkdir, open, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigError } from './config-error'

const SECRET_BYTES = 32
const GROUP_AND_OTHERS = 0o077

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'

/**
 * Writes a new secret, complete on disk before it gets its name: a process that starts at the same time finds all of
 * it or nothing, and the first one wins.
 */
const createSecret = async (file: string): Promise<void> => {
  const folder = dirname(file)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(8).toString('hex')}.draft`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(randomBytes(SECRET_BYTES))
    await handle.sync()
    await link(draft, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await handle.close()
    await unlink(draft)
  }
  await syncFolder(folder)
}

/** Makes the new name last. Windows cannot open a folder, and needs no such thing. */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

const openSecret = async (file: string): Promise<FileHandle | undefined> => {
  try {
    return await open(file, 'r')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** What nobody can read any more without it. */
export const LOST_WITH_SECRET =
  'mails that wait to be sent, authenticator apps and backup codes are lost with the secret'

const readChecked = async (handle: FileHandle, file: string): Promise<Buffer> => {
  const { mode } = await handle.stat()
  if (process.platform !== 'win32' && (mode & GROUP_AND_OTHERS) !== 0)
    throw new ConfigError([
      `secretFile: other users of this machine have access to ${file}. Run: chmod 600 '${file}'. If one of them may have read it, and can get at the database too, take what the secret protects as known: mails that wait to be sent and authenticator apps. Do not delete it: they are lost with it`,
    ])
  const secret = await handle.readFile()
  if (secret.length !== SECRET_BYTES)
    throw new ConfigError([
      `secretFile: ${file} has ${secret.length} bytes instead of ${SECRET_BYTES}. Restore it from a backup: ${LOST_WITH_SECRET}`,
    ])
  return secret
}

/** Reads the file, or undefined if there is none. */
const readSecret = async (file: string): Promise<Buffer | undefined> => {
  const handle = await openSecret(file)
  try {
    return handle && (await readChecked(handle, file))
  } finally {
    await handle?.close()
  }
}

const explain = async <T>(file: string, work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError([`secretFile: ${file} cannot be read or made (${codeOf(error)})`])
  }
}

/**
 * Reads the server's own secret. A file that others have access to is refused, not repaired: it may have been read, and
 * only the operator can tell.
 * @returns 32 bytes, or undefined if there is no such file
 * @throws ConfigError if the file cannot be read, has the wrong length, or is open to others
 */
export const findInstanceSecret = (file: string): Promise<Buffer | undefined> =>
  explain(file, readSecret(file))

/**
 * Makes the server's own secret, with access for nobody else, or takes the one that another process has just made.
 * @returns 32 bytes
 * @throws ConfigError as `findInstanceSecret` does, or if the file cannot be made
 */
export const makeInstanceSecret = (file: string): Promise<Buffer> =>
  explain(
    file,
    createSecret(file).then(async () => (await readSecret(file)) ?? makeInstanceSecret(file)),
  )

/**
 * A key for one purpose, by HKDF-SHA256 (RFC 5869): keys of different purposes tell nothing of one another.
 * @param purpose such as `outbox`
 * @returns 32 bytes
 */
export const deriveKey = (secret: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `snoop/${purpose}`, 32))
