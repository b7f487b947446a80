import type { AuditEntry } from '@snoop/sdk/contract'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'

const join = (...parts: readonly (string | null)[]): string =>
  parts.filter(part => part !== null && part !== '').join(' ')

/** How entries of the audit log are shown: the order is that of the columns. */
export const auditFields = (time: (isoTime: string) => string): Field<AuditEntry>[] => [
  { label: '#', value: ({ sequence }) => String(sequence), isId: true },
  { label: 'TIME', value: ({ createdAt }) => createdAt, human: ({ createdAt }) => time(createdAt) },
  { label: 'ACTION', value: ({ action }) => action },
  {
    label: 'WHO',
    value: ({ userId, credentialType }) => userId ?? (credentialType === 'system' ? 'system' : ''),
    human: ({ userName, userId, credentialType }) =>
      userName ?? userId ?? (credentialType === 'system' ? 'the server' : ''),
    isCuttable: true,
  },
  { label: 'OUTCOME', value: ({ outcome }) => outcome },
  {
    label: 'RESOURCE',
    value: ({ resourceType, resourceId }) => join(resourceType, resourceId),
    isCuttable: true,
  },
  {
    label: 'CREDENTIAL',
    value: ({ credentialType, credentialId }) => join(credentialType, credentialId),
    isCuttable: true,
  },
  { label: 'ADDRESS', value: ({ ipAddress }) => ipAddress ?? '' },
]

/** For a list: how long ago. */
export const listedAuditFields = (nowMs: number): Field<AuditEntry>[] =>
  auditFields(isoTime => relativeTime(isoTime, nowMs))
