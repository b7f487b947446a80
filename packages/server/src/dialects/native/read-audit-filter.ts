import type { Contract, HandlerInput } from '@snoop/sdk/contract'
import type { AuditFilter } from '../../domain/audit/list-audit-logs'
import { invalidField } from '../../domain/domain-error'

type AuditQuery = Omit<HandlerInput<Contract['auditLogs']['export']>['query'], 'format'>

const DAY_MS = 24 * 3600 * 1000

const isDay = (moment: string): boolean => moment.length === 'YYYY-MM-DD'.length

/**
 * The filters of the query; a date without a time is the whole day in UTC, and the end is part of what is wanted.
 * @throws DomainError VALIDATION_ERROR for an end before the start
 */
export const readAuditFilter = ({ startDate, endDate, ...rest }: AuditQuery): AuditFilter => {
  const from = startDate === undefined ? undefined : Date.parse(startDate)
  const end = endDate === undefined ? undefined : Date.parse(endDate)
  const before = end === undefined ? undefined : end + (isDay(endDate ?? '') ? DAY_MS : 1)
  if (from !== undefined && before !== undefined && before <= from)
    throw invalidField('endDate', 'Must not be before startDate', 'query')
  return {
    action: rest.action,
    resourceType: rest.resourceType,
    resourceId: rest.resourceId,
    userId: rest.userId,
    outcome: rest.outcome,
    from,
    before,
    afterSequence: rest.afterSequence,
  }
}
