import { describe, expect, test } from 'vitest'
import { readAuditFilter } from './read-audit-filter'

const NOTHING = { action: undefined, resourceType: undefined, resourceId: undefined, userId: undefined }
const at = (text: string) => new Date(text).getTime()

describe('the time of an audit filter', () => {
  test.each([
    ['a day from its beginning', { startDate: '2026-04-01' }, at('2026-04-01T00:00:00Z'), undefined],
    ['a day to its end', { endDate: '2026-04-01' }, undefined, at('2026-04-02T00:00:00Z')],
    [
      'the same day twice, which is that day',
      { startDate: '2024-02-29', endDate: '2024-02-29' },
      at('2024-02-29T00:00:00Z'),
      at('2024-03-01T00:00:00Z'),
    ],
    [
      'moments, both part of it',
      { startDate: '2026-04-01T10:00:00Z', endDate: '2026-04-01T12:00:00.000+02:00' },
      at('2026-04-01T10:00:00Z'),
      at('2026-04-01T10:00:00Z') + 1,
    ],
    ['nothing', {}, undefined, undefined],
  ])('is %s', (_, dates, from, before) => {
    const query = {
      ...NOTHING,
      outcome: undefined,
      afterSequence: undefined,
      startDate: undefined,
      endDate: undefined,
    }
    expect(readAuditFilter({ ...query, ...dates })).toEqual({
      ...NOTHING,
      outcome: undefined,
      afterSequence: undefined,
      from,
      before,
    })
  })
})
