import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { readSubscription } from '../plans/find-subscription'
import { assertHeldHere } from './assert-held-here'

/**
 * @returns the address of the page where payments are managed
 * @throws DomainError CONFLICT if nothing was ever bought; FORBIDDEN if the organization is gone; SERVICE_UNAVAILABLE
 */
export const openPortal = async (context: DomainContext, organizationId: string): Promise<string> => {
  const { storage, payments, settings } = context
  const held = await storage.subscriptions.find(organizationId)
  if (!held || !readSubscription(context, held)) {
    throw new DomainError('CONFLICT', {
      message: 'Nothing was bought for this organization yet; begin with a checkout',
    })
  }
  assertHeldHere(context, held)
  return payments.openPortal(held, `${settings.origin}/payments/closed`)
}
