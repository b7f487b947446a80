import { hkdfSync, randomBytes } from 'node:crypto'
import { type FileHandle, link, mkdir, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from './config-error'

const SECRET_BYTES = 32
const FILE_NAME = 'instance-secret'
const GROUP_AND_OTHERS = 0o077

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'

/**
 * Writes a new secret, complete on disk before it gets its name: a process that starts at the same time finds all of
 * it or nothing, and the first one wins.
 */
const createSecret = async (dataDir: string, file: string): Promise<void> => {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
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
  await syncFolder(dataDir)
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

const readChecked = async (handle: FileHandle, file: string): Promise<Buffer> => {
  const { mode } = await handle.stat()
  if (process.platform !== 'win32' && (mode & GROUP_AND_OTHERS) !== 0)
    throw new ConfigError([
      `dataDir: other users of this machine have access to ${file}. If nobody else can have read it, run: chmod 600 '${file}'. Otherwise delete it, and a new one is made`,
    ])
  const secret = await handle.readFile()
  if (secret.length !== SECRET_BYTES)
    throw new ConfigError([
      `dataDir: ${file} has ${secret.length} bytes instead of ${SECRET_BYTES}. Restore it from a backup, or delete it, and a new one is made: mails that wait to be sent are lost then`,
    ])
  return secret
}

/**
 * Reads the server's own secret from `<dataDir>/instance-secret`, made at the first start with access for nobody else.
 * A file that others have access to is refused, not repaired: it may have been read, and only the operator can tell.
 * @returns 32 bytes
 * @throws ConfigError if the file cannot be made or read, has the wrong length, or is open to others
 */
export const readInstanceSecret = async (dataDir: string): Promise<Buffer> => {
  const file = join(dataDir, FILE_NAME)
  let handle: FileHandle | undefined
  try {
    handle = await openSecret(file)
    if (!handle) {
      await createSecret(dataDir, file)
      handle = await open(file, 'r')
    }
    return await readChecked(handle, file)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError([`dataDir: ${file} cannot be read or made (${codeOf(error)})`])
  } finally {
    await handle?.close()
  }
}

/**
 * A key for one purpose, by HKDF-SHA256 (RFC 5869): keys of different purposes tell nothing of one another.
 * @param purpose such as `outbox`
 * @returns 32 bytes
 */
export const deriveKey = (secret: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `snoop/${purpose}`, 32))
