import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import type { Actor } from '../../domain/principals/actor'
import type { Membership } from '../../domain/principals/enter'
import type { Principal } from '../../domain/principals/principal'
import { changeRow, type RowChange } from '../../domain/rows/change-row'
import { createRow } from '../../domain/rows/create-row'
import { deleteRow } from '../../domain/rows/delete-row'
import { getRow } from '../../domain/rows/get-row'
import { listRows } from '../../domain/rows/list-rows'
import type { RowCaller } from '../../domain/rows/row-access'
import type { Handlers } from '../../http/request-context'
import { presentRow } from './present-row'
import { readProjectBody } from './read-project-body'
import { readRowQuery } from './read-row-query'

interface RowInput {
  readonly params: { readonly resource: string; readonly id: string }
  readonly body: Record<string, unknown>
}

const callerOf = ({ principal, tenant }: { principal: Principal; tenant: Membership }): RowCaller => ({
  principal,
  ...tenant,
})

const readBody = (resource: string, body: Record<string, unknown>) =>
  resource === 'projects' ? readProjectBody(body) : body

export const rowHandlers = (domain: DomainContext) => {
  const change = async (
    how: RowChange,
    { params: { resource, id }, body }: RowInput,
    { actor, tenant }: { actor: Actor; tenant: Membership },
  ) => {
    const values = readBody(resource, body)
    const row = await changeRow(domain, actor, tenant.organizationId, resource, id, how, values)
    return { data: presentRow(row), meta: { resource } }
  }

  return {
    listRows: async ({ params: { resource }, query }, request) => {
      const asked = readRowQuery(query)
      const { items, total } = await listRows(domain, callerOf(request), resource, asked)
      const { limit, offset } = asked
      return { data: items.map(presentRow), meta: { resource, total, limit, offset } }
    },

    createRow: async ({ params: { resource }, body }, { actor, tenant }) => {
      const row = await createRow(domain, actor, tenant.organizationId, resource, readBody(resource, body))
      return { data: presentRow(row), meta: { resource } }
    },

    getRow: async ({ params: { resource, id } }, request) => {
      const row = await getRow(domain, callerOf(request), resource, id)
      return { data: presentRow(row), meta: { resource } }
    },

    replaceRow: (input, request) => change('replace', input, request),
    updateRow: (input, request) => change('update', input, request),

    deleteRow: async ({ params: { resource, id } }, { actor, tenant }) => {
      await deleteRow(domain, actor, tenant.organizationId, resource, id)
      return null
    },
  } satisfies Partial<Handlers<Contract>['snaapi']>
}
