import { expect, it } from 'vitest'
import { findExcluding } from './check-locked-engines.mjs'

const lockfile = `lockfileVersion: '9.0'

packages:

  '@scope/old@1.0.0':
    resolution: {integrity: sha512-x}
    engines: {node: ^22.13 || >=24}
    hasBin: true

  fine@2.0.0:
    resolution: {integrity: sha512-x}
    engines: {node: '>=18.0.0', npm: '>=8.0.0'}

  newer@3.0.0:
    resolution: {integrity: sha512-x}
    engines: {npm: '>=8', node: '>=22'}

  silent@4.0.0:
    resolution: {integrity: sha512-x}

snapshots:

  unlocked@5.0.0:
    engines: {node: '>=30'}
`

it('names each locked package that excludes the version, and no other', () => {
  expect(findExcluding(lockfile, '20.19.0')).toEqual([
    { name: '@scope/old@1.0.0', range: '^22.13 || >=24' },
    { name: 'newer@3.0.0', range: '>=22' },
  ])
})

it('does not take a lockfile that it cannot read for a clean one', () => {
  expect(() => findExcluding('lockfileVersion: 9', '20.19.0')).toThrow('packages')
})
