import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '../contract'
import { chainOf, hashOf, rechain, writeAuditLog } from './testing/audit-log'
import { type AuditLogToVerify, verifyAuditLog } from './verify-audit-log'

const organizationId = '01ORGACME'
const LENGTH = 2_100
const log = writeAuditLog(organizationId, LENGTH)
const chain = chainOf(organizationId, log)

const linesOf = (entries: readonly AuditEntry[]) => entries.map(entry => `${JSON.stringify(entry)}\n`)
const verify = (entries: readonly AuditEntry[], given: Partial<AuditLogToVerify> = {}) =>
  verifyAuditLog({ organizationId, lines: linesOf(entries), chain, ...given })
/** Kind, first and last number of each finding. */
const found = async (...given: Parameters<typeof verify>) => {
  const { findings, isIntact, findingCount } = await verify(...given)
  expect(isIntact).toBe(findingCount === 0)
  return findings.map(({ kind, sequence, lastSequence }) => [kind, sequence, lastSequence])
}
/** The log with some entries replaced, by their numbers. */
const withChanged = (changes: Readonly<Record<number, Partial<AuditEntry>>>, entries = log) =>
  entries.map(entry => ({ ...entry, ...changes[entry.sequence] }))
const at = (sequence: number): AuditEntry => log[sequence - 1]!
/** Where one row of the table takes the number of another. */
const swapped = (one: number, other: number, entries = log) =>
  entries.map(entry => {
    if (entry.sequence === one) return { ...at(other), sequence: one }
    return entry.sequence === other ? { ...at(one), sequence: other } : entry
  })

describe('a log that nobody touched is intact', () => {
  test.each([1, 2, 999, 1_000, 1_001, LENGTH])('of %i entries', async length => {
    const entries = log.slice(0, length)
    expect(await verify(entries, { chain: chainOf(organizationId, entries) })).toEqual({
      isIntact: true,
      entryCount: length,
      lastSequence: length,
      lastHash: at(length).hash,
      findings: [],
      findingCount: 0,
    })
  })

  test('that was never written to', async () => {
    expect(await found([], { chain: chainOf(organizationId, []) })).toEqual([])
  })

  test('from its checkpoint on, and up to entries that came after the chain was asked for', async () => {
    expect(await found(log.slice(700), { chain: chainOf(organizationId, log, 700) })).toEqual([])
    expect(await found(log, { chain: chainOf(organizationId, log.slice(0, 2_000)) })).toEqual([])
  })

  test('whatever has a name now, in lines without breaks, from a stream', async () => {
    async function* lines() {
      for (const entry of log) yield JSON.stringify({ ...entry, userName: null, newField: 1 })
      yield ''
    }
    expect((await verifyAuditLog({ organizationId, lines: lines(), chain })).isIntact).toBe(true)
  })
})

describe('an altered entry is named', () => {
  test.each<Partial<AuditEntry>>([
    { id: '01OTHER' },
    { createdAt: '2020-01-01T00:00:00.000Z' },
    { action: 'project.created' },
    { outcome: 'refused' },
    { userId: '01MALLORY' },
    { userId: null },
    { credentialType: 'api_key' },
    { credentialId: 'other' },
    { resourceType: 'member' },
    { resourceId: null },
    { ipAddress: '198.51.100.7' },
    { userAgent: '' },
    { requestId: 'req_other' },
    { details: {} },
    { details: { ...log[0]?.details, more: 1 } },
    { previousHash: 'x' },
    { hash: 'x' },
  ])('%j', async change => {
    const few = log.slice(0, 20)
    for (const sequence of [1, 7, 20]) {
      const given = { chain: chainOf(organizationId, few) }
      const findings = await found(withChanged({ [sequence]: change }, few), given)
      expect(findings).toEqual([['altered', sequence, sequence]])
    }
  })

  test('though its hash was made anew', async () => {
    const { details, ...entry } = { ...at(1_234), action: 'project.deleted' }
    const forged = { ...entry, details, hash: hashOf(organizationId, { ...entry, details }) }
    expect(await found(withChanged({ 1234: forged }))).toEqual([['forged', 1_234, 1_234]])
    const linked = withChanged({ 1234: forged, 1235: { previousHash: forged.hash } })
    expect(await found(linked)).toEqual([
      ['forged', 1_234, 1_234],
      ['altered', 1_235, 1_235],
    ])
  })

  test('that was moved here from another organization', async () => {
    const foreign = writeAuditLog('01ORGOTHER', 50)
    expect(await found(withChanged({ 50: foreign[49]! }))).toEqual([['altered', 50, 50]])
  })
})

describe('what is missing is named by its number', () => {
  test.each([
    ['the first', 1, 1],
    ['one', 1_500, 1_500],
    ['some', 700, 1_300],
    ['the last', LENGTH, LENGTH],
    ['the newest', 2_001, LENGTH],
    ['all', 1, LENGTH],
  ])('%s', async (_, first, last) => {
    const kept = log.filter(({ sequence }) => sequence < first || sequence > last)
    expect(await found(kept)).toEqual([['missing', first, last]])
  })

  test('behind the checkpoint', async () => {
    const cut = chainOf(organizationId, log, 700)
    expect(await found(log.slice(701), { chain: cut })).toEqual([['missing', 701, 701]])
  })

  test('when the newest were cut off together with the record of the end: by whoever kept the end', async () => {
    const short = log.slice(0, 2_000)
    const anchor = { sequence: 2_050, hash: at(2_050).hash }
    const given = { chain: chainOf(organizationId, short), anchor }
    expect(await found(short, given)).toEqual([['missing', 2_001, 2_050]])
    expect(await found(log, { anchor })).toEqual([])
  })

  test('and that others were written in their place', async () => {
    const anchor = { sequence: 2_050, hash: 'what was there before' }
    expect(await found(log, { anchor })).toEqual([['altered', 2_050, 2_050]])
    expect(await found(log, { chain: { ...chain, lastHash: 'other' } })).toEqual([
      ['altered', LENGTH, LENGTH],
    ])
  })
})

describe('entries that were moved are named as such', () => {
  test.each([
    [5, 6],
    [3, 2_050],
    [1, LENGTH],
  ])('%i and %i, each with the number of the other', async (one, other) => {
    const { findings } = await verify(swapped(one, other))
    expect(findings).toMatchObject([
      { kind: 'reordered', sequence: one, message: `Entry ${one} is what was written as entry ${other}` },
      { kind: 'reordered', sequence: other, message: `Entry ${other} is what was written as entry ${one}` },
    ])
  })

  test('three in a circle', async () => {
    const moved = withChanged({
      10: { ...at(20), sequence: 10 },
      20: { ...at(30), sequence: 20 },
      30: { ...at(10), sequence: 30 },
    })
    expect((await found(moved)).map(([kind, sequence]) => [kind, sequence])).toEqual([
      ['reordered', 10],
      ['reordered', 20],
      ['reordered', 30],
    ])
  })

  test('lines of the file that stand out of their turn, or twice', async () => {
    const lines = [...log.slice(0, 4), at(6), at(5), ...log.slice(6)]
    expect(await found(lines)).toEqual([['reordered', 5, 5]])
    expect(await found([...log.slice(0, 7), at(5), ...log.slice(7)])).toEqual([['reordered', 5, 5]])
  })

  test('numbers that closed up behind one that was removed', async () => {
    const shifted = log.slice(0, 50).filter(({ sequence }) => sequence !== 10)
    const renumbered = shifted.map((entry, index) => ({ ...entry, sequence: index + 1 }))
    const given = { chain: chainOf(organizationId, log.slice(0, 50)) }
    const findings = await found(renumbered, given)
    expect(findings[0]).toEqual(['reordered', 10, 10])
    expect(findings.at(-1)).toEqual(['missing', 50, 50])
  })
})

describe('a chain that was made anew without the key is found', () => {
  test.each([1, 1_000, 1_001])('from entry %i on', async first => {
    const changed = withChanged({ [first]: { action: 'project.deleted' } })
    const forged = [...log.slice(0, first - 1), ...rechain(organizationId, changed.slice(first - 1))]
    const given = { chain: { ...chain, lastHash: forged.at(-1)!.hash } }
    expect(await found(forged, given)).toEqual([['forged', first, LENGTH]])
  })

  test('with a checkpoint that the server did not sign', async () => {
    const real = chainOf(organizationId, log, 700)
    const further = chainOf(organizationId, log, 701)
    const { signature } = real.checkpoint!
    const forged = { ...further, checkpoint: { ...further.checkpoint!, signature } }
    expect(await found(log.slice(701), { chain: forged })).toEqual([['forged', 701, 701]])
    // Of an entry, or of another organization, a signature is no good either.
    const ofEntry = { ...further, checkpoint: { ...further.checkpoint!, signature: at(701).signature } }
    expect(await found(log.slice(701), { chain: ofEntry })).toEqual([['forged', 701, 701]])
    const foreign = chainOf('01ORGOTHER', log, 701).checkpoint
    const ofOther = { ...further, checkpoint: foreign }
    expect(await found(log.slice(701), { chain: ofOther })).toEqual([['forged', 701, 701]])
    expect(await found(log.slice(700), { chain: { ...real, checkpoint: null } })).toEqual([
      ['missing', 1, 700],
    ])
  })

  test('by another key', async () => {
    const { publicKey } = chain
    const other = `${publicKey[0] === 'A' ? 'B' : 'A'}${publicKey.slice(1)}`
    const { isIntact, findings } = await verify(log, { chain: { ...chain, publicKey: other } })
    expect([isIntact, findings[0]?.kind]).toEqual([false, 'forged'])
  })
})

describe('a line that is no entry is named, and nothing else', () => {
  test.each(['{', 'null', '[]', '{"sequence":5}', '"text"', `${JSON.stringify(at(5))},`])(
    '%s',
    async line => {
      const lines = linesOf(log)
      lines[4] = line
      const { findings } = await verifyAuditLog({ organizationId, lines, chain })
      expect(findings).toMatchObject(
        [{ kind: 'unreadable', sequence: 5, message: /^Line 5, / }].map(finding => ({
          ...finding,
          message: expect.stringMatching(finding.message),
        })),
      )
    },
  )

  test('between two entries, or where a file was cut off', async () => {
    const lines = linesOf(log)
    const between = await verifyAuditLog({
      organizationId,
      lines: [...lines.slice(0, 4), 'x', ...lines.slice(4)],
      chain,
    })
    expect(between.findings).toMatchObject([{ kind: 'unreadable', sequence: 5 }])
    const cut = await verifyAuditLog({
      organizationId,
      lines: [...lines.slice(0, 4), lines[4]!.slice(0, 50)],
      chain,
    })
    expect(cut.findings).toMatchObject([
      { kind: 'unreadable', sequence: 5 },
      { kind: 'missing', sequence: 6, lastSequence: LENGTH },
    ])
  })
})

test('all at once: each is named', async () => {
  const touched = swapped(1_700, 1_800, withChanged({ 300: { action: 'x' } })).filter(
    ({ sequence }) => sequence !== 900,
  )
  expect(await found(touched)).toEqual([
    ['altered', 300, 300],
    ['missing', 900, 900],
    ['reordered', 1_700, 1_700],
    ['reordered', 1_800, 1_800],
  ])
})

test('a hundred findings are kept, the first ones, and the others counted', async () => {
  const entries = log.map(entry => ({ ...entry, action: 'x' }))
  const { findings, findingCount } = await verify(entries)
  expect([findings.length, findings[0]?.sequence, findings.at(-1)?.sequence]).toEqual([100, 1, 100])
  expect(findingCount).toBe(LENGTH)
})

test('a chain of another organization, or without a key, is an error', async () => {
  await expect(verify(log, { chain: { ...chain, organizationId: 'other' } })).rejects.toThrow(TypeError)
  await expect(verify(log, { chain: { ...chain, publicKey: 'AAAA' } })).rejects.toThrow(TypeError)
})

describe('whatever is done to a log,', () => {
  const small = writeAuditLog(organizationId, 15)
  const place = fc.integer({ min: 0, max: small.length - 1 })
  const mutation = fc.oneof(
    fc.record({ kind: fc.constant('delete' as const), place }),
    fc.record({ kind: fc.constant('swap' as const), place, other: place }),
    fc.record({
      kind: fc.constant('edit' as const),
      place,
      field: fc.constantFrom('action', 'createdAt', 'hash', 'previousHash', 'resourceId', 'id'),
      value: fc.string(),
    }),
    fc.record({ kind: fc.constant('rechain' as const), place, value: fc.string() }),
  )

  test('it is told, and what is named first is the first entry that is not as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async mutations => {
        let entries = [...small]
        for (const step of mutations) {
          const entry = entries[step.place]
          if (!entry) continue
          if (step.kind === 'delete') entries.splice(step.place, 1)
          else if (step.kind === 'edit') entries[step.place] = { ...entry, [step.field]: step.value }
          else if (step.kind === 'rechain') {
            const changed = [{ ...entry, action: step.value }, ...entries.slice(step.place + 1)]
            entries = [...entries.slice(0, step.place), ...rechain(organizationId, changed)]
          } else {
            const other = entries[step.other]
            if (!other) continue
            entries[step.place] = { ...other, sequence: entry.sequence }
            entries[step.other] = { ...entry, sequence: other.sequence }
          }
        }
        const isTouched = JSON.stringify(entries) !== JSON.stringify(small)
        const { isIntact, findings } = await verify(entries, { chain: chainOf(organizationId, small) })
        expect(isIntact).toBe(!isTouched)
        if (!isTouched) return
        const bySequence = new Map(entries.map(entry => [entry.sequence, JSON.stringify(entry)]))
        const first = small.find(entry => bySequence.get(entry.sequence) !== JSON.stringify(entry))
        expect(findings[0]?.sequence).toBe(first?.sequence)
      }),
      { numRuns: 200 },
    )
  })
})
