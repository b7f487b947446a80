import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder'
import { readEnvironmentKey } from './environment-key'

test('the key comes from the variable or from the file that one names', async () => {
  const path = join(await temporaryFolder(), 'key')
  await writeFile(path, 'ba_file\n')
  expect(await readEnvironmentKey({})).toBeUndefined()
  expect(await readEnvironmentKey({ SNOOP_API_KEY: ' ' })).toBeUndefined()
  expect(await readEnvironmentKey({ SNOOP_API_KEY: 'ba_env\n' })).toEqual({
    secret: 'ba_env',
    source: 'SNOOP_API_KEY',
  })
  expect(await readEnvironmentKey({ SNOOP_API_KEY_FILE: path })).toEqual({
    secret: 'ba_file',
    source: 'SNOOP_API_KEY_FILE',
  })
})

test('both at once, or what is no key, is a usage error that does not quote it', async () => {
  await expect(readEnvironmentKey({ SNOOP_API_KEY: 'a', SNOOP_API_KEY_FILE: 'b' })).rejects.toMatchObject({
    details: { exit: 2 },
  })
  const failure = await readEnvironmentKey({ SNOOP_API_KEY: 'two words' }).catch(String)
  expect(failure).toContain('SNOOP_API_KEY')
  expect(failure).not.toContain('two words')
})

test('a file that is missing or empty is a missing credential', async () => {
  const path = join(await temporaryFolder(), 'key')
  await expect(readEnvironmentKey({ SNOOP_API_KEY_FILE: path })).rejects.toMatchObject({
    details: { exit: 4 },
  })
  await writeFile(path, '\n')
  await expect(readEnvironmentKey({ SNOOP_API_KEY_FILE: path })).rejects.toMatchObject({
    details: { exit: 4 },
  })
})
