import { type Contract, DEVICE_COOKIE } from '@snoop/sdk/contract'
import { getUserProfile } from '../../domain/accounts/user-profile'
import { listDevices } from '../../domain/devices/list-devices'
import { revokeDevice } from '../../domain/devices/revoke-device'
import type { DomainContext } from '../../domain/domain-context'
import { listSessions } from '../../domain/sessions/list-sessions'
import { reauthenticate } from '../../domain/sessions/reauthenticate'
import { revokeSession, revokeSessions } from '../../domain/sessions/revoke-session'
import type { Handlers } from '../../http/request-context'
import { presentOpenedSession } from './answer-sign-in'
import { presentSession, presentUser } from './present-account'
import { presentDevice } from './present-device'

export const sessionHandlers = (domain: DomainContext) =>
  ({
    signOut: async (_input, request) => {
      const { principal } = request
      await revokeSession(domain, principal, principal.session.id)
      request.clearSession()
      return { signedOut: true }
    },

    getSession: async (_input, { principal: { session, userId } }) => ({
      session: presentSession(session, session.id),
      user: presentUser(await getUserProfile(domain, userId)),
    }),

    listSessions: async (_input, { principal: { userId, session } }) => {
      const sessions = await listSessions(domain, userId)
      return sessions.map(row => presentSession(row, session.id))
    },

    revokeSession: async ({ body: { id } }, request) => {
      const { principal } = request
      const revokedCount = await revokeSession(domain, principal, id)
      if (id === principal.session.id) request.clearSession()
      return { revokedCount }
    },

    revokeOtherSessions: async (_input, { principal }) => ({
      revokedCount: await revokeSessions(domain, principal, { keepCurrent: true }),
    }),

    revokeSessions: async (_input, request) => {
      const revokedCount = await revokeSessions(domain, request.principal, { keepCurrent: false })
      request.clearSession()
      return { revokedCount }
    },

    reauthenticate: async ({ body: { password } }, request) => {
      const opened = await reauthenticate(domain, request.principal, password)
      request.setSession(opened)
      return { session: presentOpenedSession(opened.session) }
    },

    listDevices: async (_input, request) => {
      const token = request.readCookie(DEVICE_COOKIE)
      return (await listDevices(domain, request.principal.userId, token)).map(presentDevice)
    },

    revokeDevice: async ({ body: { id } }, { principal }) => ({
      revokedCount: await revokeDevice(domain, principal, id),
    }),
  }) satisfies Partial<Handlers<Contract>['auth']>
