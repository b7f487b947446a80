import type { SignInMethod } from '@snoop/sdk/contract'
import { composeSecurityNotice } from '../../mail/compose-security-notice'
import type { Stores } from '../../storage/storage'
import type { DeviceRow } from '../../storage/stores/device-store'
import type { UserRow } from '../../storage/stores/user-store'
import { describeDevice } from '../devices/describe-device'
import { keptUserAgent } from '../devices/kept-user-agent'
import type { DomainContext } from '../domain-context'
import { loginEvent } from '../login-history/login-event'
import type { Visit } from './visit'

/** The first sign-in of an account is no news, nor is one of a program and address that were seen before. */
const isNews = async (
  { loginEvents }: Stores,
  userId: string,
  { device }: Visit,
  known: DeviceRow | undefined,
): Promise<boolean> => {
  if (known) return false
  if (!(await loginEvents.findSuccess(userId))) return false
  const from = { ipAddress: device.ipAddress, userAgent: keptUserAgent(device) }
  return !(await loginEvents.findSuccess(userId, from))
}

/**
 * What every sign-in leaves, whatever it opens: the time of the last one, a line in the login history, and a mail if it
 * came from a device that was not seen before. Call with the user locked; wake the mailer after the commit.
 */
export const noteSignIn = async (
  context: DomainContext,
  stores: Stores,
  user: UserRow,
  method: SignInMethod,
  visit: Visit,
  known: DeviceRow | undefined,
): Promise<void> => {
  const { clock, mailer, settings } = context
  const { device } = visit
  const now = clock()
  if (await isNews(stores, user.id, visit, known)) {
    const recipient = { origin: settings.origin, to: user.email, name: user.full_name }
    const where = { device: describeDevice(device.userAgent), ipAddress: device.ipAddress }
    await mailer.put(
      stores,
      composeSecurityNotice(recipient, { kind: 'new-device', ...where, method, occurredAt: now }),
    )
  }
  await stores.users.update(user.id, { last_login_at: now })
  await stores.loginEvents.insert([loginEvent(context, user.id, method, device, true)])
}
