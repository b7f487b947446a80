import { type Contract, DEVICE_COOKIE } from '@snoop/sdk/contract'
import { deleteAccount } from '../../domain/accounts/delete-account'
import { exportAccount } from '../../domain/accounts/export-account'
import { getUserProfile, updateUserProfile } from '../../domain/accounts/user-profile'
import type { DomainContext } from '../../domain/domain-context'
import { listLoginHistory } from '../../domain/login-history/list-login-history'
import type { Handlers } from '../../http/request-context'
import { presentUser } from './present-account'
import { presentAccountExport } from './present-account-export'
import { presentLoginEvent } from './present-device'

export const userHandlers = (domain: DomainContext): Handlers<Contract>['user'] => ({
  me: async (_input, { principal }) => presentUser(await getUserProfile(domain, principal.userId)),

  update: async ({ body: { fullName, handle, emailPreferences } }, { principal }) => {
    const change = { fullName, handle, marketingOptOut: emailPreferences?.marketingOptOut }
    return presentUser(await updateUserProfile(domain, principal.userId, change))
  },

  delete: async (_input, request) => {
    await deleteAccount(domain, request.actor)
    request.clearSession()
    return { deleted: true }
  },

  export: async (_input, request) => {
    const { principal } = request
    const records = await exportAccount(domain, principal.userId, request.readCookie(DEVICE_COOKIE))
    return presentAccountExport(records, principal.credentialId)
  },

  loginHistory: async ({ query }, { principal }) => {
    const { items, total } = await listLoginHistory(domain, principal.userId, query)
    return { items: items.map(presentLoginEvent), total }
  },
})
