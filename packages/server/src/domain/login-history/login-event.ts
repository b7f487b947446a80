import type { SignInMethod } from '@snoop/sdk/contract'
import type { LoginEventRow } from '../../storage/stores/login-event-store'
import { keptUserAgent } from '../devices/kept-user-agent'
import type { DomainContext } from '../domain-context'
import type { Device } from '../sessions/create-session'

/** A row of the login history. */
export const loginEvent = (
  { newId, clock }: DomainContext,
  userId: string,
  method: SignInMethod,
  device: Device,
  success: boolean,
): LoginEventRow => ({
  id: newId(),
  user_id: userId,
  method,
  ip_address: device.ipAddress,
  user_agent: keptUserAgent(device),
  success: success ? 1 : 0,
  created_at: clock(),
})
