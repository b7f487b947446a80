import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { withTemporaryFolder } from '../temporary-folder.mjs'
import { PNPM } from './install-dependencies.mjs'
import { nodeVersionProblem } from './node-version.mjs'
import { hashFiles } from './stamp.mjs'

describe('a Node.js that is too old is named before anything else is tried', () => {
  it.each(['12.0.0', '18.20.8', '20.18.3'])('%s is', version => {
    expect(nodeVersionProblem(version)).toContain(version)
  })
  it.each(['20.19.0', '20.20.2', '22.0.0', '26.1.0'])('%s is not', version => {
    expect(nodeVersionProblem(version)).toBeUndefined()
  })
})

it('installs by the pnpm that package.json names, which would not run otherwise', () => {
  expect(PNPM).toBe(manifest.packageManager)
})

it('a build counts as stale once a source is changed, added, renamed or removed, and not before', () =>
  withTemporaryFolder(async folder => {
    const source = join(folder, 'src')
    mkdirSync(source)
    const hash = () => hashFiles([source], path => !path.endsWith('.test.ts'))
    const seen = new Set()
    const expectChange = isExpected => {
      expect(seen.has(hash())).toBe(!isExpected)
      seen.add(hash())
    }
    writeFileSync(join(source, 'a.ts'), '1')
    expectChange(true)
    expectChange(false)
    writeFileSync(join(source, 'a.ts'), '2')
    expectChange(true)
    writeFileSync(join(source, 'b.ts'), '2')
    expectChange(true)
    writeFileSync(join(source, 'b.test.ts'), 'a test is not built')
    expectChange(false)
    rmSync(join(source, 'a.ts'))
    expectChange(true)
    writeFileSync(join(source, 'c.ts'), '2')
    expectChange(true)
  }))
