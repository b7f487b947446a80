import type { SignInMethod } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { loginEvent } from '../login-history/login-event'
import type { Visit } from './visit'

/** A second factor that was wrong stands in the login history and in the log. @param method of the first factor */
export const noteWrongCode = (
  context: DomainContext,
  userId: string,
  method: SignInMethod,
  { device }: Visit,
): void => {
  const { failedSignIns, logger } = context
  failedSignIns.record(loginEvent(context, userId, method, device, false))
  logger.info(
    { event: 'account.second_factor_failed', userId, ipAddress: device.ipAddress },
    'wrong second factor',
  )
}
