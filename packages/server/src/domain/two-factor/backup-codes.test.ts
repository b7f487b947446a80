import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { openTestEngine } from '../../testing/open-test-engine'
import { createTestDomain } from '../../testing/test-domain'
import type { DomainContext } from '../domain-context'
import { createBackupCodes, hashBackupCode } from './backup-codes'

describe('backup codes', () => {
  let context: DomainContext
  beforeAll(async () => {
    context = createTestDomain(await openTestEngine('sqlite')).context
  })

  it('are ten different ones, of letters that cannot be taken for one another', () => {
    const { codes, rows } = createBackupCodes(context, 'ada')
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/)
    expect(rows.map(row => row.code_hash)).toEqual(codes.map(code => hashBackupCode(context, 'ada', code)))
    expect(JSON.stringify(rows)).not.toContain(codes[0]?.slice(0, 5))
  })

  it('have each of 32 letters equally often', () => {
    let next = 0
    const everyByte = (size: number) => Buffer.from(Array.from({ length: size }, () => next++ % 256))
    const counts = new Map<string, number>()
    while (next < 25_600) {
      const { codes } = createBackupCodes({ ...context, randomBytes: everyByte }, 'ada')
      for (const letter of codes.join('').replaceAll('-', ''))
        counts.set(letter, (counts.get(letter) ?? 0) + 1)
    }
    expect([...counts.values()]).toEqual(Array(32).fill(800))
  })

  it.each([
    'k1m2q-9x0t4',
    'K1M2Q-9X0T4',
    ' k1m2q 9x0t4 ',
    'k1m2q9x0t4',
    'k1m2q–9x0t4',
    'kIm2q-9xOt4',
    'klm2q-9xot4',
  ])('are taken as %j', typed =>
    expect(hashBackupCode(context, 'ada', typed)).toBe(hashBackupCode(context, 'ada', 'k1m2q-9x0t4')),
  )

  it('are stored so that they count for one user, and tell nothing without the key of the server', () => {
    const here = hashBackupCode(context, 'ada', 'k1m2q-9x0t4')
    const elsewhere = { ...context, secrets: { ...context.secrets, lookupKey: randomBytes(32) } }
    expect(hashBackupCode(context, 'bob', 'k1m2q-9x0t4')).not.toBe(here)
    expect(hashBackupCode(context, 'ada', 'k1m2q-9x0t5')).not.toBe(here)
    expect(hashBackupCode(elsewhere, 'ada', 'k1m2q-9x0t4')).not.toBe(here)
  })
})
