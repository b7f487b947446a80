import type { LoginEventRow } from '../../storage/stores/login-event-store'
import type { PageRequest, PageResult } from '../../storage/stores/page'
import type { DomainContext } from '../domain-context'

/** Sign-ins and failed tries of an account; failed ones are written a moment after they happen. */
export const listLoginHistory = (
  { storage }: DomainContext,
  userId: string,
  page: PageRequest,
): Promise<PageResult<LoginEventRow>> => storage.loginEvents.list(userId, page)
