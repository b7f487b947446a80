import { hkdfSync, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Reads the server's own secret, made at its first start. */
export const readInstanceSecret = async (dataDir: string): Promise<Buffer> => {
  const file = join(dataDir, 'instance-secret')
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(file, randomBytes(32), { flag: 'wx', mode: 0o600 }).catch(() => undefined)
  return readFile(file)
}

/**
 * A key for one purpose, by HKDF-SHA256 (RFC 5869): keys of different purposes tell nothing of one another.
 * @returns 32 bytes
 */
export const deriveKey = (secret: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `snoop ${purpose}`, 32))
