import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { requestMail } from '../../domain/mail-requests/request-mail'
import { changePassword } from '../../domain/passwords/change-password'
import { openPasswordResetLink, resetPassword } from '../../domain/passwords/reset-password'
import { type Handlers, Redirect } from '../../http/request-context'
import { presentOpenedSession } from './answer-sign-in'

export const passwordHandlers = (domain: DomainContext) =>
  ({
    changePassword: async ({ body }, request) => {
      const { opened, revokedCount } = await changePassword(domain, request.principal, body)
      request.setSession(opened)
      return { session: presentOpenedSession(opened.session), revokedCount }
    },

    requestPasswordReset: async ({ body: { email, callbackURL: callbackUrl } }) => {
      await requestMail(domain, { purpose: 'reset-password', email, callbackUrl, remember: true })
      return { passwordResetEmailSent: true }
    },

    openPasswordResetLink: async ({ query: { token } }) =>
      new Redirect(await openPasswordResetLink(domain, token)),

    resetPassword: async ({ body: { token, newPassword } }) => {
      await resetPassword(domain, token, newPassword)
      return { passwordReset: true }
    },
  }) satisfies Partial<Handlers<Contract>['auth']>
