import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'
import type { WireRequest } from './wire'

/** `::ffff:1.2.3.4` is `1.2.3.4`. */
const unmapped = (address: string): string =>
  /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice('::ffff:'.length) : address

/** Whether an address is in one of the ranges. */
export type AddressTest = (address: string) => boolean

/** @param ranges addresses and CIDR ranges, validated by the configuration */
export const createAddressTest = (ranges: readonly string[]): AddressTest => {
  if (ranges.length === 0) return () => false
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return address => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

const LOOPBACK = createAddressTest(['127.0.0.0/8', '::1'])

/** What the socket and the proxies that we trust say of the client. */
export interface ClientConnection {
  readonly address: string
  /** The client's side speaks HTTPS. */
  readonly isSecure: boolean
  /** Plain HTTP is fine: it never left this machine. */
  readonly isLoopback: boolean
}

const headerText = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? value.join(',') : (value ?? '')

/** From the right, the first hop that is no trusted proxy: what stands to its left anybody can write. */
const forwardedAddress = (header: string, socketAddress: string, isTrustedProxy: AddressTest): string => {
  let address = socketAddress
  for (const hop of header.split(',').reverse()) {
    const candidate = unmapped(hop.trim())
    if (isIP(candidate) === 0) break
    address = candidate
    if (!isTrustedProxy(candidate)) break
  }
  return address
}

/** Reads `X-Forwarded-For` and `X-Forwarded-Proto`, but only from trusted proxies. */
export const readClientConnection = (
  { remoteAddress, isEncrypted, headers }: Pick<WireRequest, 'remoteAddress' | 'isEncrypted' | 'headers'>,
  isTrustedProxy: AddressTest,
): ClientConnection => {
  const socketAddress = unmapped(remoteAddress)
  const protocol = headerText(headers['x-forwarded-proto']).split(',').at(-1)?.trim().toLowerCase()
  if (isTrustedProxy(socketAddress) && protocol) {
    const address = forwardedAddress(headerText(headers['x-forwarded-for']), socketAddress, isTrustedProxy)
    return { address, isSecure: protocol === 'https', isLoopback: false }
  }
  return { address: socketAddress, isSecure: isEncrypted, isLoopback: LOOPBACK(socketAddress) }
}

/** The subject of limits by address: IPv6 users own a whole /64. */
export const addressBucket = (address: string): string => {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(group => group !== '')
  if (tail !== undefined) {
    const tailGroups = tail.split(':').filter(group => group !== '')
    while (groups.length + tailGroups.length < 8) groups.push('0')
    groups.push(...tailGroups)
  }
  return `${groups
    .slice(0, 4)
    .map(group => group.toLowerCase())
    .join(':')}::/64`
}
