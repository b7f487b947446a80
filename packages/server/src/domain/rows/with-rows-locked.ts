import type { Resource } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { findResource } from '../resources/find-resource'
import type { RowCaller } from './row-access'
import type { RowSource } from './row-source'
import { sourceOf } from './source-of'

/** Where rows of a resource are written, with nobody else who writes in the organization. */
export interface WritingScope {
  /** Of the transaction: what runs a transaction with it runs in this one. */
  readonly context: DomainContext
  /** With the role as it is now: it may have changed since the request was let in. */
  readonly caller: RowCaller
  readonly resource: Resource
  readonly source: RowSource
}

const inTransaction = (context: DomainContext, stores: Stores): DomainContext => ({
  ...context,
  storage: { ...context.storage, ...stores, transaction: work => work(stores) },
})

/**
 * Runs `work` in a transaction that holds the organization.
 * @throws DomainError NOT_FOUND without such a resource; FORBIDDEN if the actor is no member (any more)
 */
export const withRowsLocked = <T>(
  context: DomainContext,
  { principal }: Actor,
  organizationId: string,
  name: string,
  work: (scope: WritingScope) => Promise<T>,
): Promise<T> =>
  withMembershipLocked(context, organizationId, principal.userId, async (stores, { self }) => {
    const inside = inTransaction(context, stores)
    const caller = { principal, organizationId, role: self.role }
    const resource = await findResource(inside, caller, name)
    return work({ context: inside, caller, resource, source: sourceOf(resource) })
  })
