import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deriveKey, findInstanceSecret, makeInstanceSecret } from './read-instance-secret'

let parent: string
let folder: string
let file: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'snoop-secret-'))
  folder = join(parent, 'a', 'data')
  file = join(folder, 'instance-secret')
})
afterEach(() => rm(parent, { recursive: true }))

const modeOf = async (path: string) => (await stat(path)).mode & 0o777

describe('the instance secret', () => {
  it('is none until it is made; looking for it makes nothing', async () => {
    expect(await findInstanceSecret(file)).toBeUndefined()
    expect(await readdir(parent)).toEqual([])
  })

  it('is made once, for the owner alone, and stays the same', async () => {
    const first = await makeInstanceSecret(file)
    expect(first).toHaveLength(32)
    expect(await findInstanceSecret(file)).toEqual(first)
    expect(await makeInstanceSecret(file)).toEqual(first)
    expect(await readFile(file)).toEqual(first)
    expect(await modeOf(file)).toBe(0o600)
    expect(await modeOf(folder)).toBe(0o700)
    expect(await readdir(folder)).toEqual(['instance-secret'])
  })

  it('is one and the same for processes that start at once', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, () => makeInstanceSecret(file)))
    expect(new Set(secrets.map(secret => secret.toString('hex')))).toHaveLength(1)
    expect(await readdir(folder)).toEqual(['instance-secret'])
  })

  it.each([0o640, 0o604, 0o620])('with mode %o is refused, and left as it is', async mode => {
    await makeInstanceSecret(file)
    await chmod(file, mode)
    for (const read of [findInstanceSecret, makeInstanceSecret]) {
      await expect(read(file)).rejects.toThrow(`chmod 600 '${file}'`)
      await expect(read(file)).rejects.toThrow(/Do not delete it/)
    }
    expect(await modeOf(file)).toBe(mode)
  })

  it.each([0, 31, 33])(
    'of %i bytes is refused with what is lost without it, and not replaced',
    async length => {
      await makeInstanceSecret(file)
      await writeFile(file, Buffer.alloc(length))
      for (const read of [findInstanceSecret, makeInstanceSecret]) {
        await expect(read(file)).rejects.toThrow(`has ${length} bytes instead of 32`)
        await expect(read(file)).rejects.toThrow(/Restore it from a backup: mails .*, authenticator apps/)
      }
      expect(await readFile(file)).toHaveLength(length)
    },
  )

  it('that cannot be made is told with the reason', async () => {
    await writeFile(join(parent, 'a'), 'a file where a folder should be')
    await expect(makeInstanceSecret(file)).rejects.toThrow(/cannot be read or made \(ENOTDIR\)/)
  })
})

describe('derived keys', () => {
  const secret = Buffer.alloc(32, 7)

  it('differ by purpose and by secret, and are the same every time', () => {
    expect(deriveKey(secret, 'outbox')).toEqual(deriveKey(secret, 'outbox'))
    expect(deriveKey(secret, 'outbox')).toHaveLength(32)
    expect(deriveKey(secret, 'other')).not.toEqual(deriveKey(secret, 'outbox'))
    expect(deriveKey(Buffer.alloc(32, 8), 'outbox')).not.toEqual(deriveKey(secret, 'outbox'))
  })
})
