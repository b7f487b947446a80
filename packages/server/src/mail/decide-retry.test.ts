import { describe, expect, it } from 'vitest'
import { decideRetry } from './decide-retry'
import { NEVER_AGAIN } from './outbox-source'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

describe('a mail that failed', () => {
  it.each([
    [0, 5_000],
    [1, 10_000],
    [2, 20_000],
    [9, 2_560_000],
    [10, HOUR_MS],
    [70, HOUR_MS],
    [5000, HOUR_MS],
  ])('after %i earlier attempts waits %i ms', (attempts, delayMs) => {
    expect(decideRetry({ attempts, createdAt: 1000 }, 2000, 0)).toBe(2000 + delayMs)
  })

  it('waits up to a quarter less, by chance', () => {
    expect(decideRetry({ attempts: 0, createdAt: 0 }, 0, 0.999999)).toBe(3750)
    expect(decideRetry({ attempts: 0, createdAt: 0 }, 0, 0.5)).toBe(4375)
  })

  it('is given up once it would be more than three days old', () => {
    const mail = { attempts: 80, createdAt: 0 }
    expect(decideRetry(mail, 3 * DAY_MS - HOUR_MS, 0)).toBe(3 * DAY_MS)
    expect(decideRetry(mail, 3 * DAY_MS - HOUR_MS + 1, 0)).toBe(NEVER_AGAIN)
    expect(decideRetry({ attempts: 0, createdAt: 0 }, 5 * DAY_MS, 0)).toBe(NEVER_AGAIN)
  })
})
