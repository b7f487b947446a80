import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder'
import { configPath, readConfig, updateProfile } from './config-file'

test('what is written is read again, and only its owner can read it', async () => {
  const folder = join(await temporaryFolder(), 'config')
  expect(await readConfig(folder)).toEqual({})
  await updateProfile(folder, 'my.corp', current => ({ ...current, url: 'https://a.example.com' }))
  await updateProfile(folder, 'my.corp', current => ({ ...current, store: 'file' }))
  expect(await readConfig(folder)).toEqual({
    profiles: { 'my.corp': { url: 'https://a.example.com', store: 'file' } },
  })
  expect((await stat(configPath(folder))).mode & 0o777).toBe(0o600)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
})

test('many changes at once all survive', async () => {
  const folder = await temporaryFolder()
  const names = Array.from({ length: 40 }, (_, i) => `profile-${i}`)
  await Promise.all(names.map(name => updateProfile(folder, name, () => ({ url: 'https://a.example.com' }))))
  expect(Object.keys((await readConfig(folder)).profiles ?? {}).sort()).toEqual([...names].sort())
})

test('settings that we do not know are kept', async () => {
  const folder = await temporaryFolder()
  await writeFile(configPath(folder), '{"future":{"x":1},"profiles":{"default":{"later":true}}}')
  await updateProfile(folder, 'default', current => ({ ...current, url: 'https://a.example.com' }))
  expect(JSON.parse(await readFile(configPath(folder), 'utf8'))).toEqual({
    future: { x: 1 },
    profiles: { default: { later: true, url: 'https://a.example.com' } },
  })
})

test.each([
  '{',
  '[]',
  '"text"',
  '{"profiles":[]}',
  '{"profiles":{"a":{"url":1}}}',
  '{"profiles":{"a":{"store":"paper"}}}',
])('a damaged file (%s) is refused and left alone', async text => {
  const folder = await temporaryFolder()
  await writeFile(configPath(folder), text)
  await expect(readConfig(folder)).rejects.toMatchObject({ details: { exit: 12 } })
  await expect(updateProfile(folder, 'a', () => ({}))).rejects.toMatchObject({ details: { exit: 12 } })
  expect(await readFile(configPath(folder), 'utf8')).toBe(text)
})
