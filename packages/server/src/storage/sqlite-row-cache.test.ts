import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PreparedQuery } from './engine'
import { loadSqliteBinding } from './sqlite-binding'
import { SqliteConnection } from './sqlite-connection'
import { cacheRows, SqliteRevision } from './sqlite-row-cache'
import { WriteLock } from './sqlite-write-lock'

interface Row {
  readonly name: string
}

describe('rows that are kept between commits', () => {
  let folder: string
  let now: number
  let lock: WriteLock
  let own: SqliteConnection
  let reader: SqliteConnection
  let elsewhere: SqliteConnection
  let query: ReturnType<typeof vi.fn<PreparedQuery<Row>>>
  let find: PreparedQuery<Row>

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'snoop-rows-'))
    const path = join(folder, 'rows.db')
    const binding = await loadSqliteBinding()
    now = 0
    lock = new WriteLock(1000)
    own = new SqliteConnection(binding, path, { readOnly: false })
    own.exec(
      "pragma journal_mode = wal; create table things (id text, name text); insert into things values ('a', 'first')",
    )
    reader = new SqliteConnection(binding, path, { readOnly: true })
    elsewhere = new SqliteConnection(binding, path, { readOnly: false })
    const first = reader.prepareFirst('select name from things where id = ?')
    query = vi.fn((...parameters) => first(parameters) as Row | undefined)
    find = cacheRows(query, new SqliteRevision(reader, lock, () => now))
  })
  afterEach(() => {
    for (const connection of [elsewhere, reader, own]) connection.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('are asked for once', () => {
    expect([find('a'), find('a'), find('a')]).toEqual([
      { name: 'first' },
      { name: 'first' },
      { name: 'first' },
    ])
    expect(query).toHaveBeenCalledTimes(1)
  })

  it('are gone as soon as this process has written', async () => {
    find('a')
    await lock.acquire()
    own.exec("update things set name = 'second'")
    lock.release()
    expect(find('a')).toEqual({ name: 'second' })
  })

  it('are gone a quarter of a millisecond after another process has written', () => {
    find('a')
    elsewhere.exec("update things set name = 'second'")
    now += 0.25
    expect(find('a')).toEqual({ name: 'second' })
  })

  it('do not hide a row that was not there before', async () => {
    expect(find('b')).toBeUndefined()
    elsewhere.exec("insert into things values ('b', 'new')")
    expect(find('b')).toEqual({ name: 'new' })
  })

  it('are told apart by all parameters', () => {
    const echo = cacheRows<{ text: string }>(
      (...parameters) => ({ text: parameters.join(' | ') }),
      new SqliteRevision(reader, lock, () => now),
    )
    expect([echo('a', 'b'), echo('b', 'a'), echo('a')]).toEqual([
      { text: 'a | b' },
      { text: 'b | a' },
      { text: 'a' },
    ])
  })

  it('cannot be changed by one request for another', () => {
    const row = find('a') as { name: string }
    expect(() => {
      row.name = 'mine'
    }).toThrow(TypeError)
  })
})
