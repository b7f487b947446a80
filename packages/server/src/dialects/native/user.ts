import type { Contract } from '@snoop/sdk/contract'
import { getUserProfile, updateUserProfile } from '../../domain/accounts/user-profile'
import type { DomainContext } from '../../domain/domain-context'
import type { Handlers } from '../../http/request-context'
import { presentUser } from './present-account'

export const userHandlers = (domain: DomainContext): Handlers<Contract>['user'] => ({
  me: async (_input, { principal }) => presentUser(await getUserProfile(domain, principal.userId)),

  update: async ({ body: { fullName, handle, emailPreferences } }, { principal }) => {
    const change = { fullName, handle, marketingOptOut: emailPreferences?.marketingOptOut }
    return presentUser(await updateUserProfile(domain, principal.userId, change))
  },
})
