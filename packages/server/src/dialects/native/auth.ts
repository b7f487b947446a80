import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import type { Handlers } from '../../http/request-context'
import { emailAddressHandlers } from './email-address'
import { magicLinkHandlers } from './magic-link'
import { passwordHandlers } from './password'
import { sessionHandlers } from './sessions'
import { signInHandlers } from './sign-in'
import { socialHandlers } from './social'

export const authHandlers = (domain: DomainContext): Handlers<Contract>['auth'] => ({
  ...signInHandlers(domain),
  ...sessionHandlers(domain),
  ...emailAddressHandlers(domain),
  ...passwordHandlers(domain),
  ...magicLinkHandlers(domain),
  ...socialHandlers(domain),
})
