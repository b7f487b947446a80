import { composeSecurityNotice, type SecurityNotice } from '../../mail/compose-security-notice'
import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext, DomainSettings } from '../domain-context'

/** Tells the owner of an account by mail what just happened to it, at the address in `user`; wake the mailer after the commit. */
export const putSecurityNotice = (
  {
    clock,
    mailer,
    settings,
  }: Pick<DomainContext, 'clock' | 'mailer'> & { readonly settings: Pick<DomainSettings, 'origin'> },
  stores: Stores,
  user: Pick<UserRow, 'email' | 'full_name'>,
  notice: SecurityNotice,
): Promise<void> => {
  const recipient = { origin: settings.origin, to: user.email, name: user.full_name }
  return mailer.put(stores, composeSecurityNotice(recipient, { ...notice, occurredAt: clock() }))
}
