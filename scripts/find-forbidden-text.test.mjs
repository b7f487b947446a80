import { expect, it } from 'vitest'
import { findForbiddenText } from './find-forbidden-text.mjs'

const machine = { folders: ['/srv/clones/snoop', '/srv/clones'], registryHost: 'packages.example.net:4873' }
// Put together here, so that this file passes its own check.
const home = name => `/${['home', name, 'x'].join('/')}`

it.each([
  [`-----BEGIN ${'PRIVATE'} KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw'.repeat(2)}`, 'a private key'],
  [`//host/:_${'authToken'}=abcdefghijkl`, 'a registry credential'],
  [`AKIA${'ABCDEFGH12345678'}`, 'a cloud key'],
  [`resolution: {tarball${': https'}://host/a.tgz}`, 'a download address of a package'],
  [home('somebody'), "somebody's home folder"],
  ['see /srv/clones/snoop/README.md', 'a path of this machine'],
  ['see /srv/clones/other', 'a path of this machine'],
  ['from HTTPS://Packages.example.net:4873/zod', 'the address of a package registry'],
])('finds %j', (text, what) => {
  expect(findForbiddenText(`first line\n${text}`, machine)).toContainEqual({ line: 2, what })
})

it.each([
  '-----BEGIN PUBLIC KEY-----',
  'headed by `-----BEGIN ' + 'PRIVATE KEY-----`',
  home('ada'),
  '/srv/clones-of-others/x',
  'registry: $REGISTRY',
])('leaves %j alone', text => {
  expect(findForbiddenText(text, machine)).toEqual([])
})
