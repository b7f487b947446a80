import type { FieldType } from '@snoop/sdk/contract'
import { describe, expect, it } from 'vitest'
import { readValue } from './read-value'

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

describe('a value', () => {
  it.each<[FieldType, unknown, unknown]>([
    ['datetime', '2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['datetime', '2026-01-31t12:00z', '2026-01-31T12:00:00.000Z'],
    ['datetime', '2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['datetime', '0000-02-29', '0000-02-29T00:00:00.000Z'],
    ['datetime', '9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999Z'],
    ['uuid', 'ABCDEFAB-0000-4000-8000-000000000000', 'abcdefab-0000-4000-8000-000000000000'],
    ['number', -0, 0],
    ['number', 5e-324, 5e-324],
    ['string', '😀'.repeat(5000), '😀'.repeat(5000)],
    ['text', 'é'.repeat(524_288), 'é'.repeat(524_288)],
    ['json', nested(32), nested(32)],
    ['json', false, false],
  ])('of the type %s is kept in one form: %j', (type, given, kept) => {
    expect(readValue({ type }, given)).toEqual({ value: kept })
  })

  it.each<[FieldType, unknown]>([
    ['datetime', '2026-02-29'],
    ['datetime', '2026-02-30T00:00:00Z'],
    ['datetime', '1900-02-29'],
    ['datetime', '2026-13-01'],
    ['datetime', '2026-01-31T24:00:01Z'],
    ['datetime', '2026-01-31T12:00:00'],
    ['datetime', '2026-01-31T12:00:00 02:00'],
    ['datetime', '0000-01-01T00:00:00+01:00'],
    ['datetime', '9999-12-31T23:59:59-01:00'],
    ['datetime', '+012026-01-01T00:00:00Z'],
    ['datetime', 1_767_225_600_000],
    ['uuid', 'ABCDEFAB-0000-4000-8000-00000000000'],
    ['number', Number.NaN],
    ['number', '1'],
    ['boolean', 1],
    ['string', 'x'.repeat(10_001)],
    ['text', 'é'.repeat(524_289)],
    ['string', 'a\0b'],
    ['text', '\udc00'],
    ['json', nested(33)],
    ['json', { a: { 'b\0': 1 } }],
    ['json', 'x'.repeat(1024 * 1024)],
  ])('of the type %s that does not fit is refused', (type, given) => {
    expect(readValue({ type }, given)).toEqual({ problem: expect.stringMatching(/^(Must|Holds)/) })
  })
})
