import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'
import type { WireRequest } from './wire'

const MAPPED_IPV4 = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/

/**
 * One spelling for each address: IPv6 as RFC 5952 has it and without a zone, IPv4-mapped IPv6 as the IPv4 that it is.
 * Empty for what is no address.
 */
const canonicalAddress = (text: string): string => {
  if (isIPv4(text)) return text
  const [withoutZone = ''] = text.split('%', 1)
  if (!isIPv6(withoutZone)) return ''
  const address = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1)
  const mapped = MAPPED_IPV4.exec(address)
  if (!mapped) return address
  const bytes = mapped.slice(1).flatMap(group => {
    const number = Number.parseInt(group, 16)
    return [number >> 8, number & 255]
  })
  return bytes.join('.')
}

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
  return address => {
    const family = isIP(address)
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6')
  }
}

/** @param address canonical */
const isLoopbackAddress = (address: string): boolean => address.startsWith('127.') || address === '::1'

/** What the socket and the proxies that we trust say of the client. */
export interface ClientConnection {
  /** Empty if the client is gone already. */
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
    const candidate = canonicalAddress(hop.trim())
    if (candidate === '') break
    address = candidate
    if (!isTrustedProxy(candidate)) break
  }
  return address
}

/**
 * Reads `X-Forwarded-For` and `X-Forwarded-Proto`, but only from trusted proxies. What one of them forwards comes from
 * elsewhere, even if the proxy itself is on this machine.
 */
export const readClientConnection = (
  { remoteAddress, isEncrypted, headers }: Pick<WireRequest, 'remoteAddress' | 'isEncrypted' | 'headers'>,
  isTrustedProxy: AddressTest,
): ClientConnection => {
  const address = canonicalAddress(remoteAddress)
  const forwardedFor = headerText(headers['x-forwarded-for'])
  const protocols = headerText(headers['x-forwarded-proto'])
  if ((forwardedFor === '' && protocols === '') || !isTrustedProxy(address))
    return { address, isSecure: isEncrypted, isLoopback: isLoopbackAddress(address) }
  return {
    address: forwardedAddress(forwardedFor, address, isTrustedProxy),
    // Of several, the last is what our own proxy saw or was told by one that it trusts.
    isSecure: protocols === '' ? isEncrypted : protocols.split(',').at(-1)?.trim().toLowerCase() === 'https',
    isLoopback: false,
  }
}

/** The subject of limits by address: IPv6 users own a whole /64. @param address canonical */
export const addressBucket = (address: string): string => {
  if (!address.includes(':')) return address
  const [head = [], tail] = address.split('::').map(part => (part === '' ? [] : part.split(':')))
  const zeros = tail ? Array<string>(8 - head.length - tail.length).fill('0') : []
  const network = [...head, ...zeros, ...(tail ?? [])].slice(0, 4)
  return `${network.join(':')}::/64`
}
