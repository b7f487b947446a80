import { describe, expect, it } from 'vitest'
import { createAddressRule } from './address-rule'

const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '93.184.216.34',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '192.0.1.1',
  '198.17.255.255',
  '198.20.0.1',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:80b::200e',
  '2001:200::1',
  '64:ff9b::808:808',
  '64:ff9b::8.8.8.8',
]

const PRIVATE = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.251',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::7f00:1',
  '::127.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::a00:1',
  '100::1',
  '2001::1',
  '2001:0:7f00:1::',
  '2001:2::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:a00:1::1',
  '2002:808:808::1',
  '3fff::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
]

describe('which addresses a screenshot may be taken of', () => {
  const isAllowed = createAddressRule([], () => [])

  it.each(PUBLIC)('%s is public', address => {
    expect(isAllowed(address)).toBe(true)
  })

  it.each(PRIVATE)('%s is not', address => {
    expect(isAllowed(address)).toBe(false)
  })

  it.each(['', 'localhost', '127.1', '0x7f000001', '2130706433', '[::1]', '8.8.8.8 ', '2606:4700::1%eth0'])(
    'what is no plain address is not: %j',
    text => {
      expect(isAllowed(text)).toBe(false)
    },
  )

  it('the operator may allow ranges, and nothing but them', () => {
    const rule = createAddressRule(['10.1.0.0/16', '127.0.0.1', 'fd00:1::/32', '::1'], () => [])
    const allowed = ['10.1.2.3', '127.0.0.1', 'fd00:1:2::3', '::1']
    const refused = ['10.2.0.1', '127.0.0.2', 'fd00:2::1', '::2', '192.168.0.1']
    expect(allowed.filter(rule)).toEqual(allowed)
    expect(refused.filter(rule)).toEqual([])
    expect(rule('8.8.8.8')).toBe(true)
  })

  it('the whole of IPv4 allowed opens none of IPv6, and the other way round', () => {
    expect(createAddressRule(['0.0.0.0/0'], () => [])('::1')).toBe(false)
    expect(createAddressRule(['::/0'], () => [])('127.0.0.1')).toBe(false)
  })

  it('public addresses of this machine are not, unless they are allowed', () => {
    const own = () => ['8.8.4.4', '2606:4700::5']
    expect(['8.8.4.4', '2606:4700::5', '8.8.8.8'].filter(createAddressRule([], own))).toEqual(['8.8.8.8'])
    expect(createAddressRule(['8.8.4.4'], own)('8.8.4.4')).toBe(true)
  })
})
