import { isIP } from 'node:net'
import { isLoopbackHost } from '../../config/loopback-host'
import type { DomainSettings } from '../domain-context'

/** For which host passkeys are made, and from which pages they may be used (WebAuthn Level 3, sections 4 and 13.4.9). */
export interface PasskeySettings {
  /** The relying party's identifier: a host name. Another one, and no passkey works any more. */
  readonly rpId: string
  readonly origins: readonly string[]
}

const isLoopbackAddress = (host: string): boolean =>
  isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0 && isLoopbackHost(host)

const atLocalhost = (origin: string): string => {
  const url = new URL(origin)
  url.hostname = 'localhost'
  return url.origin
}

/**
 * Follows from what the operator configured, never from a request. An IP address cannot have passkeys, so on this machine
 * they are made for `localhost`. A trusted origin can use them if its host is the passkeys' domain or below it.
 */
export const passkeySettings = ({
  origin,
  trustedOrigins,
  passkeyDomain,
}: Pick<DomainSettings, 'origin' | 'trustedOrigins' | 'passkeyDomain'>): PasskeySettings => {
  const { hostname } = new URL(origin)
  const isAddress = isLoopbackAddress(hostname)
  const rpId = passkeyDomain ?? (isAddress ? 'localhost' : hostname)
  const own = isAddress ? [origin, atLocalhost(origin)] : [origin]
  const trusted = trustedOrigins.filter(trustedOrigin => {
    const host = new URL(trustedOrigin).hostname
    return host === rpId || host.endsWith(`.${rpId}`)
  })
  return { rpId, origins: [...new Set([...own, ...trusted])] }
}
