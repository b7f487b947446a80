import { describe, expect, it } from 'vitest'
import type { LogFields } from '../../observability/logger'
import { StorageError } from '../../storage/storage-error'
import type { SharedWindows, StoredWindow, WindowStore } from '../../storage/window-store'
import { JointLimiter } from './joint-limiter'

const RULE = { max: 3, windowMs: 60_000 }

const createLogger = () => {
  const logged: LogFields[] = []
  const note = (fields: LogFields) => void logged.push(fields)
  return { logged, logger: { debug: note, info: note, warn: note, error: note } }
}

/** Windows of a process that is alone until `somebodyComes`. */
const createWindows = () => {
  const stored = new Map<string, StoredWindow>()
  let hasCome = false
  let isShared = false
  const store: WindowStore = {
    find: async subject => stored.get(subject),
    swap: async (subject, _expected, next) => Boolean(stored.set(subject, next)),
    deleteEnded: () => Promise.reject(new StorageError('The database is closed.')),
  }
  const windows: SharedWindows = {
    store,
    get isShared() {
      return isShared
    },
    join: async () => true,
    look: listCounted => {
      if (!hasCome) return
      for (const [subject, window] of listCounted()) stored.set(subject, window)
      isShared = true
    },
  }
  return {
    windows,
    stored,
    somebodyComes: () => {
      hasCome = true
    },
  }
}

describe('a limiter of a process', () => {
  it('answers at once while the process is alone, and writes nothing', () => {
    const { windows, stored } = createWindows()
    const limiter = new JointLimiter(windows, () => 0, createLogger().logger)
    expect(limiter.take('key', RULE)).toMatchObject({ allowed: true, remaining: 2 })
    limiter.look()
    expect(limiter.peek('key', RULE)).toMatchObject({ remaining: 2 })
    expect(stored.size).toBe(0)
  })

  it('goes on in the same windows once another process has come', async () => {
    const { windows, stored, somebodyComes } = createWindows()
    const limiter = new JointLimiter(windows, () => 0, createLogger().logger)
    limiter.take('key', RULE)
    limiter.take('key', RULE)
    somebodyComes()
    limiter.look()
    expect(stored.get('key')).toEqual({ startedAt: 0, used: 2, endsAt: 60_000 })
    expect(await limiter.peek('key', RULE)).toMatchObject({ remaining: 1 })
    await limiter.handOver('key', 'heir', RULE)
    expect(stored.get('heir')?.used).toBe(2)
  })

  it('counts alone where no other process can come', async () => {
    const limiter = new JointLimiter(undefined, () => 0, createLogger().logger)
    limiter.look()
    await limiter.sweep()
    expect(limiter.take('key', RULE)).toMatchObject({ allowed: true })
  })

  it('goes on where it cannot look or sweep, and says so in the log', async () => {
    const { windows, somebodyComes } = createWindows()
    const { logger, logged } = createLogger()
    const err = new StorageError('The disk is full.')
    const blind = {
      ...windows,
      look: () => {
        throw err
      },
    }
    new JointLimiter(blind, () => 0, logger).look()
    const limiter = new JointLimiter(windows, () => 0, logger)
    somebodyComes()
    limiter.look()
    await limiter.sweep()
    expect(logged).toEqual([
      { err, event: 'limits.look_failed' },
      { err: expect.any(StorageError), event: 'limits.sweep_failed' },
    ])
  })
})
