import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder'
import { withFileLock } from './file-lock'

const deadPid = async (): Promise<number> => {
  const child = spawn(process.execPath, ['-e', '0'])
  await once(child, 'exit')
  return child.pid ?? 0
}

test('one at a time does its work', async () => {
  const path = join(await temporaryFolder(), 'a.lock')
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await readFile(path, 'utf8')
    inside--
  }
  await Promise.all(Array.from({ length: 20 }, () => withFileLock(path, work)))
  expect(most).toBe(1)
})

test('nothing is left behind, not after a failure either', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'a.lock')
  await expect(
    withFileLock(path, async () => {
      throw new Error('failed inside')
    }),
  ).rejects.toThrow('failed inside')
  expect(await readdir(folder)).toEqual([])
})

test('the lock of a dead process is taken over', async () => {
  const path = join(await temporaryFolder(), 'a.lock')
  await writeFile(path, JSON.stringify({ pid: await deadPid(), startedAt: null, token: 'old' }))
  expect(await withFileLock(path, async () => 'done')).toBe('done')
})

test('a process with the number of the dead one, but started later, does not hold its lock', async () => {
  const path = join(await temporaryFolder(), 'a.lock')
  await writeFile(path, JSON.stringify({ pid: process.pid, startedAt: '1', token: 'old' }))
  expect(await withFileLock(path, async () => 'done')).toBe('done')
})

test('a stale lock is taken over by one of many', async () => {
  const path = join(await temporaryFolder(), 'a.lock')
  await writeFile(path, JSON.stringify({ pid: await deadPid(), startedAt: null, token: 'old' }))
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await readFile(path, 'utf8')
    inside--
  }
  await Promise.all(Array.from({ length: 20 }, () => withFileLock(path, work)))
  expect(most).toBe(1)
})

test('a lock that is held for too long is told of, with exit 6', async () => {
  const path = join(await temporaryFolder(), 'a.lock')
  await withFileLock(path, async () => {
    const second = withFileLock(path, async () => 'never', 0)
    await expect(second).rejects.toMatchObject({ details: { code: 'busy', exit: 6 } })
  })
})

test('a process that died while it took over a lock does not keep it from others', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'a.lock')
  const dead = { pid: await deadPid(), startedAt: null }
  await writeFile(path, JSON.stringify({ ...dead, token: 'old' }))
  await writeFile(`${path}.claim`, JSON.stringify({ ...dead, token: 'claimed' }))
  expect(await withFileLock(path, async () => 'done')).toBe('done')
  expect(await readdir(folder)).toEqual([])
})
