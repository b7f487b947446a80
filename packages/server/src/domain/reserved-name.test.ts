import { contract, handleSchema, listEndpoints } from '@snoop/sdk/contract'
import { describe, expect, it } from 'vitest'
import { isReservedName } from './reserved-name'

describe('a name is reserved', () => {
  it.each([
    ...['admin', 'administrator', 'api', 'root', 'support', 'security', 'snoop', 'system', 'help', 'status'],
    ...['login', 'signup', 'settings', 'billing', 'about', 'www', 'mail', 'postmaster', 'abuse', 'null'],
    ...['undefined', 'anonymous', 'official', 'staff', 'moderator', 'owner', 'everyone', 'me', 'noreply'],
  ])('as %s', word => expect(isReservedName(word)).toBe(true))

  it.each(['ad_min', 's-n-o-o-p', 'post-master', 'well-known', 'no_reply', 'a-d_m-i_n', 'reset-password'])(
    'with separators, as %s',
    word => {
      expect(handleSchema.parse(word)).toBe(word)
      expect(isReservedName(word)).toBe(true)
    },
  )

  it('as each word that a path of the API begins with, and each group of its methods', () => {
    const words = listEndpoints().flatMap(({ endpoint }) => endpoint.path.split('/').slice(1, 3))
    const names = [...words, ...Object.keys(contract)].map(word => word.toLowerCase())
    const open = names.filter(name => /^[a-z-]+$/.test(name) && !isReservedName(name))
    expect(open).toEqual([])
  })
})

it.each(['ada', 'adalovelace', 'admiral', 'snoopy', 'rooty', 'supporter', 'melanie', 'apia', 'staffan'])(
  '%s is free to take',
  name => expect(isReservedName(name)).toBe(false),
)
