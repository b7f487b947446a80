import type { MemberFactorRow } from '../../storage/stores/mfa-policy-store'
import type { PageRequest, PageResult } from '../../storage/stores/page'
import type { DomainContext } from '../domain-context'
import { decideMfa, type MfaVerdict } from './decide-mfa'
import { getMfaPolicy } from './get-mfa-policy'
import { mfaFactsOf } from './read-mfa-rows'

/** A member, and how it stands with the policy now. */
export interface MemberCompliance {
  readonly member: MemberFactorRow
  readonly verdict: MfaVerdict
}

/** @throws DomainError FORBIDDEN if the organization is gone */
export const listCompliance = async (
  { storage, clock }: DomainContext,
  organizationId: string,
  page: PageRequest,
): Promise<PageResult<MemberCompliance>> => {
  const policy = await getMfaPolicy({ storage }, organizationId)
  const { items, total } = await storage.mfaPolicies.listMembers(organizationId, page)
  const now = clock()
  const judge = (member: MemberFactorRow): MemberCompliance => ({
    member,
    verdict: decideMfa(policy, mfaFactsOf(member), now),
  })
  return { items: items.map(judge), total }
}
