import type { Contract } from '@snoop/sdk/contract'
import { resendVerificationMail, verifyEmail } from '../../domain/accounts/verification-mail'
import type { DomainContext } from '../../domain/domain-context'
import { type Handlers, Redirect } from '../../http/request-context'
import { toTimestamp } from './timestamp'

type Names = 'sendVerificationEmail' | 'verifyEmail' | 'openVerificationLink' | 'changeEmail'

export const emailAddressHandlers = (domain: DomainContext): Pick<Handlers<Contract>['auth'], Names> => ({
  sendVerificationEmail: async ({ body: { email, callbackURL } }) => {
    await resendVerificationMail(domain, { email, callbackUrl: callbackURL })
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
})
