import { connect, isIP, type Socket } from 'node:net'
import { CaptureError } from '../domain/screenshots/capture-error'
import type { AddressRule } from './address-rule'
import type { ProxyTarget } from './proxy-target'

/** Addresses of a name. @throws Error if there are none */
export type ResolveName = (name: string) => Promise<readonly string[]>

export interface ConnectionRules {
  readonly resolve: ResolveName
  readonly isAllowed: AddressRule
}

export const PRIVATE_ADDRESS = 'This address is private; the operator can allow it with --screenshot-allow'
/** One text for both: otherwise the names of the operator's own network could be found by trying. */
export const NOT_VISITED =
  'This address cannot be visited: its name is unknown, or it leads to a private address (the operator can allow those with --screenshot-allow)'

/** For one address; names often have several, of which some lead nowhere, such as IPv6 ones without IPv6. */
const CONNECT_TIMEOUT_MS = 4_000
const MAX_ADDRESSES = 3
const FIRST_FREE_PORT = 1024
/** Redis and memcached obey lines in the middle of what they do not understand. */
const OBEDIENT_PORTS = [6379, 11_211]

/** Below 1024 live the services of the machines themselves: of these only those of web servers. Chromium refuses more of its own. */
const isWebPort = (port: number): boolean =>
  port === 80 || port === 443 || (port >= FIRST_FREE_PORT && !OBEDIENT_PORTS.includes(port))

/** @throws CaptureError if there is none that is allowed */
const findAddresses = async (
  { host }: ProxyTarget,
  { resolve, isAllowed }: ConnectionRules,
): Promise<readonly string[]> => {
  const isName = isIP(host) === 0
  const addresses = isName ? await resolve(host).catch(() => []) : [host]
  const allowed = addresses.filter(isAllowed)
  if (allowed.length === 0) throw new CaptureError('refused', isName ? NOT_VISITED : PRIVATE_ADDRESS)
  return allowed.slice(0, MAX_ADDRESSES)
}

const connectTo = (host: string, port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => fail(new Error('no answer')))
    // For ever: an error that nobody listens to would end the process.
    socket.on('error', fail)
    socket.once('connect', () => {
      socket.setTimeout(0)
      resolve(socket)
    })
  })

/**
 * Connects to a target of a page. The name is resolved once, here, and the connection goes to the very address that was
 * checked: no later answer of the name's DNS server can lead it elsewhere.
 * @throws CaptureError (`refused` or `page`)
 */
export const openConnection = async (target: ProxyTarget, rules: ConnectionRules): Promise<Socket> => {
  if (!isWebPort(target.port))
    throw new CaptureError(
      'refused',
      `Port ${target.port} is none of a web server: use 80, 443 or one above 1023`,
    )
  const addresses = await findAddresses(target, rules)
  let cause: unknown
  for (const address of addresses) {
    try {
      return await connectTo(address, target.port)
    } catch (error) {
      cause = error
    }
  }
  throw new CaptureError('page', 'The server cannot be reached', { cause })
}
