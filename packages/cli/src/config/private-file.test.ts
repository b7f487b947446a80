import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CliError } from '../cli-error'
import { temporaryFolder } from '../testing/temporary-folder'
import { readJsonFile, readPrivateFile, writePrivateFile } from './private-file'

const isAnything = (value: unknown): value is object => value !== undefined

test('a file and its folders are for their owner alone, whatever was there before', async () => {
  const folder = join(await temporaryFolder(), 'a', 'b')
  const path = join(folder, 'file')
  await writePrivateFile(path, 'one')
  await chmod(path, 0o644)
  await writePrivateFile(path, 'two')
  expect(await readPrivateFile(path)).toBe('two')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect(await readdir(folder)).toEqual(['file'])
})

test('a draft that a killed process left does not stand in the way', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'file')
  await writeFile(`${path}.${process.pid}.tmp`, 'half')
  await writePrivateFile(path, 'whole')
  expect(await readdir(folder)).toEqual(['file'])
})

test('a file that is not there is undefined; one that cannot be read exits 12', async () => {
  const folder = await temporaryFolder()
  expect(await readPrivateFile(join(folder, 'none'))).toBeUndefined()
  await mkdir(join(folder, 'folder'))
  await expect(readPrivateFile(join(folder, 'folder'))).rejects.toMatchObject({ details: { exit: 12 } })
})

test('damaged JSON is named by its path; its text, which may be a secret, is not quoted', async () => {
  const path = join(await temporaryFolder(), 'file')
  await writeFile(path, 'ba_secret')
  const failure = await readJsonFile(path, isAnything).then(
    () => undefined,
    (error: CliError) => error,
  )
  expect(failure?.message).toContain(path)
  expect(JSON.stringify([failure?.message, failure?.details, String(failure?.cause)])).not.toContain(
    'ba_secret',
  )
})
