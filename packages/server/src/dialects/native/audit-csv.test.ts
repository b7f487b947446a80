import type { AuditEntry } from '@snoop/sdk/contract'
import { expect, test } from 'vitest'
import { csvHeader, presentCsv } from './audit-csv'

const entry: AuditEntry = {
  id: '01ENTRY',
  sequence: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  action: 'project.created',
  outcome: 'success',
  userId: '01USER',
  userName: 'Ada',
  credentialType: 'session',
  credentialId: null,
  resourceType: 'project',
  resourceId: '01PROJECT',
  ipAddress: '192.0.2.1',
  userAgent: 'test',
  requestId: 'req_1',
  details: { name: 'Shop, "the" shop\nof shops' },
  previousHash: '',
  hash: 'h',
  signature: 's',
}

test('has a header, and a record for each entry with every field of the contract', () => {
  const names = csvHeader().trimEnd().split(',')
  expect(csvHeader()).toMatch(/\r\n$/)
  expect([...names].sort()).toEqual(Object.keys(entry).sort())
  expect(presentCsv([])).toBe('')
  expect(presentCsv([entry, entry])).toBe(presentCsv([entry]).repeat(2))
  expect(presentCsv([entry])).toBe(
    '1,2026-01-01T00:00:00.000Z,project.created,success,01USER,Ada,session,,project,01PROJECT,192.0.2.1,test,req_1,' +
      '"{""name"":""Shop, \\""the\\"" shop\\nof shops""}",01ENTRY,,h,s\r\n',
  )
})

test.each(['=HYPERLINK("https://evil.example")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
  'a formula in what a caller sent does not run in a spreadsheet: %j',
  userAgent => {
    const record = presentCsv([{ ...entry, userAgent, userName: userAgent }])
    expect(record).toMatch(/,"?'/)
    expect(record).not.toMatch(/,"?[=+@\t\r＝-]/)
  },
)
