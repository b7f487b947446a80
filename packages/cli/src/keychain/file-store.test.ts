import { chmod, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder'
import { fileStore } from './file-store'
import { probeStore } from './probe-store'

const newStore = async () => {
  const path = join(await temporaryFolder(), 'credentials.json')
  return { path, store: fileStore(path, 'linux') }
}

test('it keeps, gives and deletes secrets', async () => {
  const { store } = await newStore()
  expect(await store.getPassword('snoop', 'a')).toBeNull()
  await store.setPassword('snoop', 'a', 'first')
  await store.setPassword('snoop', 'a', 'second')
  expect(await store.getPassword('snoop', 'a')).toBe('second')
  expect(await store.deletePassword('snoop', 'a')).toBe(true)
  expect(await store.deletePassword('snoop', 'a')).toBe(false)
  await probeStore(store)
})

test('only its owner can read the file', async () => {
  const { path, store } = await newStore()
  await store.setPassword('snoop', 'a', 'secret')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('a file that others can read is refused, and the remedy is named', async () => {
  const { path, store } = await newStore()
  await store.setPassword('snoop', 'a', 'secret')
  await chmod(path, 0o640)
  const failure = await store.getPassword('snoop', 'a').catch(error => error)
  expect(failure.details.exit).toBe(12)
  expect(failure.details.hint).toContain(`chmod 600 '${path}'`)
  await chmod(path, 0o600)
  expect(await store.getPassword('snoop', 'a')).toBe('secret')
})

test('many writers at once lose nothing', async () => {
  const { path, store } = await newStore()
  await Promise.all(Array.from({ length: 30 }, (_, i) => store.setPassword('snoop', `a${i}`, `s${i}`)))
  expect(Object.keys(JSON.parse(await readFile(path, 'utf8'))).length).toBe(30)
})
