import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressBucket, createAddressTest, readClientConnection } from './client-address'

const trusted = createAddressTest(['10.0.0.0/8', '127.0.0.1', '2001:db8:aaaa::/48', 'fe80::/10'])

const read = (remoteAddress: string, headers: Record<string, string> = {}, isEncrypted = false) =>
  readClientConnection({ remoteAddress, isEncrypted, headers }, trusted)

const viaProxy = (forwardedFor: string) =>
  read('10.0.0.1', { 'x-forwarded-for': forwardedFor, 'x-forwarded-proto': 'https' }).address

describe('the address of the client', () => {
  test('is that of the socket for anybody who is no trusted proxy, whatever the headers say', () => {
    const headers = { 'x-forwarded-for': '10.9.9.9', 'x-forwarded-proto': 'https' }
    expect(read('203.0.113.7', headers)).toEqual({
      address: '203.0.113.7',
      isSecure: false,
      isLoopback: false,
    })
  })

  test.each([
    ['one hop', '198.51.100.1', '198.51.100.1'],
    ['a spoofed left-most hop', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['a spoofed loopback', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['a chain of trusted proxies', '1.1.1.1, 198.51.100.1, 10.2.3.4, 10.0.0.9', '198.51.100.1'],
    ['trusted proxies alone', '10.2.3.4, 10.0.0.9', '10.2.3.4'],
    ['an IPv4-mapped hop', '::ffff:198.51.100.1', '198.51.100.1'],
    ['an IPv4-mapped hop in hex', '::FFFF:c633:6401', '198.51.100.1'],
    ['an IPv4-mapped hop at full length', '0:0:0:0:0:ffff:198.51.100.1', '198.51.100.1'],
    ['an IPv6 hop in another spelling', '2001:0DB8:0:0:1::0001', '2001:db8::1:0:0:1'],
    ['a trusted IPv6 hop', '198.51.100.1,2001:db8:aaaa::5', '198.51.100.1'],
    ['a zone id', '2001:db8::1%eth0', '2001:db8::1'],
    ['a zone id on a trusted hop', '198.51.100.1, fe80::1%eth0', '198.51.100.1'],
  ])('behind a trusted proxy is the right-most hop that is not trusted: %s', (_, header, expected) => {
    expect(viaProxy(header)).toBe(expected)
  })

  test.each([
    '',
    ' ',
    ',',
    'unknown',
    '_hidden',
    '1.2.3',
    '1.2.3.4.5',
    '[::1]:80',
    '1.2.3.4:80',
    '%',
    '%eth0',
    'a'.repeat(9999),
  ])('is that of the proxy where the header is garbage: %j', header => {
    expect(viaProxy(header)).toBe('10.0.0.1')
  })

  test('stops at garbage: what stands to the left of it is nobody’s word', () => {
    expect(viaProxy('198.51.100.1, garbage, 10.0.0.9')).toBe('10.0.0.9')
  })

  test('is IPv4 where a socket of both families says it as IPv6', () => {
    expect(read('::ffff:127.0.0.1')).toEqual({ address: '127.0.0.1', isSecure: false, isLoopback: true })
    expect(read('::ffff:10.0.0.1', { 'x-forwarded-for': '198.51.100.1' }).address).toBe('198.51.100.1')
  })

  test('is nobody’s once the client is gone', () => {
    expect(read('', { 'x-forwarded-proto': 'https' })).toEqual({
      address: '',
      isSecure: false,
      isLoopback: false,
    })
  })

  test('whatever a proxy forwards, is an address', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string())), hops => {
        const { address } = read('10.0.0.1', { 'x-forwarded-for': hops.join(',') })
        expect(address).toMatch(/^[\da-f.:]+$/)
      }),
    )
  })
})

describe('HTTPS', () => {
  test.each([
    ['a plain socket', read('203.0.113.7'), false],
    ['a TLS socket', read('203.0.113.7', {}, true), true],
    ['a proxy that says https', read('10.0.0.1', { 'x-forwarded-proto': 'https' }), true],
    ['a proxy that says HTTPS', read('10.0.0.1', { 'x-forwarded-proto': ' HTTPS ' }), true],
    ['a proxy that says http', read('10.0.0.1', { 'x-forwarded-proto': 'http' }), false],
    ['a proxy on TLS that says http', read('10.0.0.1', { 'x-forwarded-proto': 'http' }, true), false],
    [
      'a client that says https to an appending proxy',
      read('10.0.0.1', { 'x-forwarded-proto': 'https, http' }),
      false,
    ],
    ['a proxy that says what another one saw', read('10.0.0.1', { 'x-forwarded-proto': 'http,https' }), true],
    ['a proxy that says nonsense', read('10.0.0.1', { 'x-forwarded-proto': 'https://' }), false],
    ['a proxy that does not say', read('10.0.0.1', { 'x-forwarded-for': '198.51.100.1' }), false],
    ['a proxy on TLS that does not say', read('10.0.0.1', { 'x-forwarded-for': '198.51.100.1' }, true), true],
    ['a stranger that says https', read('203.0.113.7', { 'x-forwarded-proto': 'https' }), false],
  ])('%s', (_, { isSecure }, expected) => {
    expect(isSecure).toBe(expected)
  })

  test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '0:0:0:0:0:0:0:1'])(
    '%s is loopback',
    address => {
      expect(read(address).isLoopback).toBe(true)
    },
  )

  test.each(['128.0.0.1', '10.0.0.1', '::', '::2', 'fe80::1%lo', '', 'localhost'])(
    '%j is not loopback',
    address => {
      expect(read(address).isLoopback).toBe(false)
    },
  )

  test('what a trusted proxy on this machine forwards does not come from this machine', () => {
    expect(read('127.0.0.1', { 'x-forwarded-for': '198.51.100.1' }).isLoopback).toBe(false)
    expect(read('127.0.0.1', { 'x-forwarded-proto': 'http' }).isLoopback).toBe(false)
    expect(read('127.0.0.1').isLoopback).toBe(true)
  })
})

describe('ranges', () => {
  test('hold single addresses and whole networks of both families', () => {
    const isIn = createAddressTest(['192.0.2.1', '198.51.100.0/24', '2001:db8::/32', '::1'])
    for (const address of ['192.0.2.1', '198.51.100.255', '2001:db8:ffff::1', '::1'])
      expect(isIn(address)).toBe(true)
    for (const address of ['192.0.2.2', '198.51.101.0', '2001:db9::', '::2', '', 'x'])
      expect(isIn(address)).toBe(false)
  })

  test('of which there are none hold nobody', () => {
    expect(createAddressTest([])('127.0.0.1')).toBe(false)
  })
})

describe('the subject of a limit', () => {
  const hex = (group: number) => group.toString(16)
  const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })

  test('is the /64 of an IPv6 address, however it was spelled', () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 0, max: 6 }), fc.boolean(), (numbers, zerosAt, isLong) => {
        // Two groups of zeros, so that the address has a short spelling too.
        const address = numbers.with(zerosAt, 0).with(zerosAt + 1, 0)
        fc.pre(!address.slice(0, 5).every(group => group === 0))
        const spelled = isLong
          ? address.map(group => group.toString(16).padStart(4, '0').toUpperCase()).join(':')
          : `${address.slice(0, zerosAt).map(hex).join(':')}::${address
              .slice(zerosAt + 2)
              .map(hex)
              .join(':')}`
        const expected = `${address.slice(0, 4).map(hex).join(':')}::/64`
        expect(addressBucket(viaProxy(spelled))).toBe(expected)
      }),
    )
  })

  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['', ''],
    ['::', '0:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['1::2:3:4:5:6:7', '1:0:2:3::/64'],
  ])('of %j is %j', (address, expected) => {
    expect(addressBucket(address)).toBe(expected)
  })
})
