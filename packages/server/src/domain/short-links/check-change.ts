import type { DomainContext } from '../domain-context'
import { invalidField } from '../domain-error'
import { checkAlias } from './alias'
import { checkTarget } from './check-target'
import type { ShortLinkChange } from './short-link-change'

const checkDomain = ({ settings }: Pick<DomainContext, 'settings'>, domain: string): void => {
  const { host, hostname } = new URL(settings.origin)
  const given = domain.toLowerCase()
  if (given !== host && given !== hostname)
    throw invalidField('domain', `Must be ${host}, the host of the short URLs of this server`)
}

/** @throws DomainError VALIDATION_ERROR for what no plan allows */
export const checkChange = (
  context: Pick<DomainContext, 'settings' | 'clock'>,
  { longUrl, alias, domain, expiresAt }: ShortLinkChange,
): void => {
  if (longUrl !== undefined) checkTarget(context, longUrl)
  if (alias !== undefined) checkAlias(alias)
  if (domain !== undefined) checkDomain(context, domain)
  if (expiresAt !== undefined && expiresAt !== null && !(expiresAt > context.clock()))
    throw invalidField('expiry', 'Must be in the future')
}
