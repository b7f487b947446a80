import type { Contract } from '@snoop/sdk/contract'
import { changeEmail } from '../../domain/accounts/change-email'
import { verifyEmail } from '../../domain/accounts/verification-mail'
import type { DomainContext } from '../../domain/domain-context'
import { requestMail } from '../../domain/mail-requests/request-mail'
import { type Handlers, Redirect } from '../../http/request-context'
import { toTimestamp } from '../../http/timestamp'

export const emailAddressHandlers = (domain: DomainContext) =>
  ({
    sendVerificationEmail: async ({ body: { email, callbackURL: callbackUrl } }) => {
      await requestMail(domain, { purpose: 'verify-email', email, callbackUrl, remember: true })
      return { verificationEmailSent: true }
    },

    verifyEmail: async ({ body: { token } }) => {
      const { email, verifiedAt } = await verifyEmail(domain, token)
      return { email, verifiedAt: toTimestamp(verifiedAt) }
    },

    openVerificationLink: async ({ query: { token } }) => {
      const { email, verifiedAt, callbackUrl } = await verifyEmail(domain, token)
      return callbackUrl === null ? { email, verifiedAt: toTimestamp(verifiedAt) } : new Redirect(callbackUrl)
    },

    changeEmail: async ({ body: { email: newEmail, callbackURL: callbackUrl } }, { principal }) => {
      await changeEmail(domain, principal, { newEmail, callbackUrl })
      return { verificationEmailSent: true }
    },
  }) satisfies Partial<Handlers<Contract>['auth']>
