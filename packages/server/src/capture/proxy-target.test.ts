import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authorityOf, readAbsoluteForm, readAuthorityForm } from './proxy-target'

describe('the target of a plain request', () => {
  it('is an http URL', () => {
    expect(readAbsoluteForm('http://example.com/a?b=c#d')).toEqual({
      host: 'example.com',
      port: 80,
      authority: 'example.com:80',
      path: '/a?b=c',
    })
    expect(readAbsoluteForm('http://user:password@[2001:DB8::1]:8080')).toEqual({
      host: '2001:db8::1',
      port: 8080,
      authority: '[2001:db8::1]:8080',
      path: '/',
    })
  })

  it.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127。0。0。1/',
  ])('%s is 127.0.0.1 by one of its other names', url => {
    expect(readAbsoluteForm(url)?.host).toBe('127.0.0.1')
  })

  it.each([
    '',
    '/',
    '*',
    'https://example.com/',
    'file:///etc/passwd',
    'ftp://a/',
    'http://',
    'http://a:0/',
    'http://a:99999/',
    'http://[::1%lo]/',
  ])('%j is none', text => {
    expect(readAbsoluteForm(text)).toBeUndefined()
  })
})

describe('the target of a tunnel', () => {
  it('is host and port', () => {
    expect(readAuthorityForm('Example.com:443')).toEqual({
      host: 'example.com',
      port: 443,
      authority: 'example.com:443',
      path: '',
    })
    expect(readAuthorityForm('[::1]:80')).toMatchObject({ host: '::1', port: 80, authority: '[::1]:80' })
    expect(readAuthorityForm('2130706433:443')?.host).toBe('127.0.0.1')
  })

  it.each([
    '',
    'a',
    'a:',
    ':1',
    'a:0',
    'a:65536',
    'a:1:2',
    'a@b:1',
    'a/b:1',
    'a?b:1',
    'a#b:1',
    'a b:1',
    '::1:80',
    'http://a:1',
  ])('%j is none', text => {
    expect(readAuthorityForm(text)).toBeUndefined()
  })
})

it('no text makes the readers throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), text => {
      readAbsoluteForm(text)
      readAbsoluteForm(`http://${text}`)
      readAuthorityForm(text)
      readAuthorityForm(`${text}:80`)
    }),
  )
})

it('a page and the tunnel to it have the same authority', () => {
  expect(authorityOf(new URL('https://Example.com/'))).toBe(readAuthorityForm('example.com:443')?.authority)
  expect(authorityOf(new URL('http://[::1]/'))).toBe(readAbsoluteForm('http://[::1]/')?.authority)
})
