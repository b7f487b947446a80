import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'
import type { Visit } from '../sign-in/visit'

/** The session of somebody on a public route. @throws DomainError AUTHENTICATION_REQUIRED */
export const requireSession = ({ session }: Visit): SessionPrincipal => {
  if (!session) throw new DomainError('AUTHENTICATION_REQUIRED')
  return session
}
