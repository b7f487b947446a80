import { BlockList, isIP } from 'node:net'

/** IANA's registry of special IPv4 addresses (RFC 6890 and later), and addresses that are only reached inside a cloud. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Azure's metadata service has an address that looks public.
  '168.63.129.16/32',
]

/** Only here are addresses of the public Internet (RFC 4291, IANA's registry). */
const GLOBAL_IPV6 = ['2000::/3']

/** What is special in there: protocol assignments with Teredo, documentation, 6to4, AS112. */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

/** NAT64 (RFC 6052): the last 32 bits are an IPv4 address, which is where it leads to. */
const NAT64 = /^64:ff9b::(?:([\da-f]{1,4}):)?([\da-f]{1,4})$/

/** A list for each family: in a common one `::ffff:0:0/96` is all of IPv4. */
const listOf = (ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/')
    if (isIP(address) !== (family === 'ipv4' ? 4 : 6)) continue
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list
}

const specialIpv4 = listOf(SPECIAL_IPV4, 'ipv4')
const globalIpv6 = listOf(GLOBAL_IPV6, 'ipv6')
const specialIpv6 = listOf(SPECIAL_IPV6, 'ipv6')

/** @param address as RFC 5952 spells it */
const ipv4BehindNat64 = (address: string): string | undefined => {
  const match = NAT64.exec(address)
  if (!match) return undefined
  return match
    .slice(1)
    .map(group => Number.parseInt(group ?? '0', 16))
    .flatMap(number => [number >> 8, number & 255])
    .join('.')
}

const isPublic = (address: string): boolean => {
  if (isIP(address) === 4) return !specialIpv4.check(address, 'ipv4')
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const behind = ipv4BehindNat64(canonical)
  if (behind !== undefined) return isPublic(behind)
  return globalIpv6.check(canonical, 'ipv6') && !specialIpv6.check(canonical, 'ipv6')
}

/** Whether a connection may be made to an address. */
export type AddressRule = (address: string) => boolean

/**
 * Lets through addresses of the public Internet that are not this machine's own (a firewall may keep others, but not the
 * machine itself, from what listens on them), and what the operator allowed.
 * @param allowed addresses and CIDR ranges, validated by the configuration
 * @param ownAddresses of this machine, asked each time: they change
 */
export const createAddressRule = (
  allowed: readonly string[],
  ownAddresses: () => readonly string[],
): AddressRule => {
  const allowedIpv4 = listOf(allowed, 'ipv4')
  const allowedIpv6 = listOf(allowed, 'ipv6')
  return address => {
    const family = isIP(address)
    // A zone names a network interface of this machine.
    if (family === 0 || address.includes('%')) return false
    if (family === 4 ? allowedIpv4.check(address, 'ipv4') : allowedIpv6.check(address, 'ipv6')) return true
    return isPublic(address) && !ownAddresses().includes(address)
  }
}
