import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { claimInstanceSecret } from './claim-instance-secret'
import { ConfigError } from './config/config-error'
import type { StorageEngine } from './storage/engine'
import { openEngine } from './storage/open-engine'
import { describeOnEachDatabase } from './testing/on-each-engine'

describeOnEachDatabase('the secret that a database was filled with', createDatabase => {
  let folder: string
  let file: string
  let engine: StorageEngine
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'snoop-claim-'))
    file = join(folder, 'instance-secret')
    engine = await openEngine({ database: await createDatabase() })
  })
  afterEach(async () => {
    await engine.close()
    rmSync(folder, { recursive: true })
  })
  const claim = (path = file) => claimInstanceSecret(path, engine)
  const keep = () => engine.db.selectFrom('instance_checks').selectAll().execute()
  const tables = async () => (await engine.db.introspection.getTables()).map(({ name }) => name)

  it('is the one that is made at the first start, and each time after', async () => {
    const secret = await claim()
    expect(secret).toEqual(readFileSync(file))
    const [row] = await keep()
    expect(row?.check_value).toMatch(/^[\w-]{43}$/)
    expect(await claim()).toEqual(secret)
    expect(await keep()).toEqual([row])
  })

  it('is the same for many that start at once', async () => {
    const secrets = await Promise.all(Array.from({ length: 8 }, () => claim()))
    for (const secret of secrets) expect(secret).toEqual(readFileSync(file))
  })

  it('is told from every other: that is refused, and nothing is changed', async () => {
    const secret = await claim()
    const before = await keep()
    copyFileSync(file, `${file}.backup`)
    const other = Buffer.alloc(32, 7)
    writeFileSync(file, other)
    const error = await claim().catch(thrown => thrown)
    expect(error).toBeInstanceOf(ConfigError)
    for (const words of [file, 'another secret', 'Nothing was changed', 'backup', '--secret-file'])
      expect(error.message).toContain(words)
    expect(error.message).not.toContain(other.toString('hex'))
    expect([readFileSync(file), await keep()]).toEqual([other, before])
    copyFileSync(`${file}.backup`, file)
    expect(await claim()).toEqual(secret)
  })

  it('is not made anew where it is missing', async () => {
    await claim()
    rmSync(file)
    await expect(claim()).rejects.toThrow(`${file} is missing`)
    await expect(claim(join(folder, 'elsewhere'))).rejects.toThrow(/authenticator apps/)
    expect([existsSync(file), existsSync(join(folder, 'elsewhere'))]).toEqual([false, false])
  })

  it('is asked for before the tables are brought up to date', async () => {
    await claim()
    const { name } = await engine.db
      .withTables<{ kysely_migration: { name: string } }>()
      .selectFrom('kysely_migration')
      .select('name')
      .orderBy('name', 'desc')
      .executeTakeFirstOrThrow()
    await engine.db
      .withTables<{ kysely_migration: { name: string } }>()
      .deleteFrom('kysely_migration')
      .where('name', '=', name)
      .execute()
    writeFileSync(file, Buffer.alloc(32, 7))
    // The migration would fail, as its tables are there.
    await expect(claim()).rejects.toThrow('another secret')
  })

  it('can be given up by who has lost it', async () => {
    const first = await claim()
    rmSync(file)
    await engine.db.deleteFrom('instance_checks').execute()
    expect(await claim()).not.toEqual(first)
    expect(await claim()).toEqual(readFileSync(file))
  })

  it('that cannot be read leaves the database empty', async () => {
    writeFileSync(file, 'too short', { mode: 0o600 })
    await expect(claim()).rejects.toThrow('bytes instead of')
    expect(await tables()).toEqual([])
  })
})
