import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import type { Handlers } from '../../http/request-context'

export const auditLogHandlers = (domain: DomainContext): Handlers<Contract>['auditLogs'] => ({})
