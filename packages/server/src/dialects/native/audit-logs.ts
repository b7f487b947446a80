import type { Contract } from '@snoop/sdk/contract'
import { getAuditChain } from '../../domain/audit/audit-chain'
import { exportAuditLog } from '../../domain/audit/export-audit-log'
import { listAuditLogs } from '../../domain/audit/list-audit-logs'
import type { DomainContext } from '../../domain/domain-context'
import { type Handlers, TextStream } from '../../http/request-context'
import { toTimestamp } from '../../http/timestamp'
import { AUDIT_CONTENT_TYPES, auditLines } from './audit-lines'
import { presentAuditChain, presentAuditEntry } from './present-audit-entry'
import { readAuditFilter } from './read-audit-filter'

export const auditLogHandlers = (domain: DomainContext): Handlers<Contract>['auditLogs'] => ({
  list: async ({ query }, { tenant }) => {
    const { items, total } = await listAuditLogs(domain, tenant.organizationId, readAuditFilter(query), query)
    return { items: items.map(presentAuditEntry), total }
  },
  export: ({ query: { format, ...query } }, { tenant: { organizationId }, actor }) => {
    const day = toTimestamp(domain.clock()).slice(0, 10)
    const fileName = `audit-log-${organizationId}-${day}.${format}`
    const given = Object.entries(query).filter(([, value]) => value !== undefined)
    const details = { format, ...Object.fromEntries(given) }
    return new TextStream(AUDIT_CONTENT_TYPES[format], fileName, async () => {
      const wanted = { filter: readAuditFilter(query), details }
      return auditLines(format, await exportAuditLog(domain, actor, organizationId, wanted))
    })
  },
  chain: async (_, { tenant: { organizationId } }) =>
    presentAuditChain(organizationId, await getAuditChain(domain, organizationId)),
})
