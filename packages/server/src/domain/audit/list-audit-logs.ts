import type { AuditEventFilter, NamedAuditEventRow } from '../../storage/stores/audit-log-store'
import type { PageRequest, PageResult } from '../../storage/stores/page'
import type { DomainContext } from '../domain-context'

export type AuditFilter = AuditEventFilter

export const EVERY_ENTRY: AuditFilter = {
  action: undefined,
  resourceType: undefined,
  resourceId: undefined,
  userId: undefined,
  outcome: undefined,
  from: undefined,
  before: undefined,
  afterSequence: undefined,
}

/** Entries of an organization's audit log, in the order of their numbers or against it. */
export const listAuditLogs = (
  { storage }: Pick<DomainContext, 'storage'>,
  organizationId: string,
  filter: AuditFilter,
  page: PageRequest,
): Promise<PageResult<NamedAuditEventRow>> => storage.auditLogs.list(organizationId, filter, page)
