import type { DomainContext } from '../domain-context'
import { assertLinkFeatures } from './assert-link-features'
import type { ShortLinkChange } from './short-link-change'

/**
 * Hashes the password that a change sets, before its transaction; the plan is asked first, for a hash is dear.
 * @returns undefined if it sets none
 * @throws DomainError PLAN_FEATURE_MISSING, SERVICE_UNAVAILABLE
 */
export const hashLinkPassword = async (
  context: DomainContext,
  organizationId: string,
  { password }: ShortLinkChange,
): Promise<string | undefined> => {
  if (password == null) return undefined
  await assertLinkFeatures(context, context.storage, organizationId, ['password_protection'])
  return context.passwords.hash(password)
}
