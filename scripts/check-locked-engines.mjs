// Checks that no locked package excludes the oldest Node.js that Snoop promises to run on.
// pnpm, unlike npm, picks newer versions of indirect dependencies without looking at their `engines`.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import semver from 'semver'
import { inRepository } from './repository.mjs'

const OLDEST_NODE = '20.19.0'

/**
 * The packages of a pnpm lockfile whose `engines.node` excludes a Node.js version.
 * @param {string} lockfile its text
 * @param {string} version
 * @returns {{ name: string, range: string }[]} `name` with its version, as the lockfile writes it
 */
export const findExcluding = (lockfile, version) => {
  const section = lockfile.split(/^packages:$/m)[1]?.split(/^snapshots:$/m)[0]
  if (section === undefined) throw new Error('pnpm-lock.yaml has no `packages:` section')
  return section.split(/\n(?= {2}\S)/).flatMap(entry => {
    const name = /^ {2}'?([^':]+)'?:/m.exec(entry)?.[1]
    const range = /^ {4}engines: \{.*?\bnode: '?([^',}]+)/m.exec(entry)?.[1]
    if (name === undefined || range === undefined) return []
    return semver.satisfies(version, range) ? [] : [{ name, range }]
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const excluding = findExcluding(readFileSync(inRepository('pnpm-lock.yaml'), 'utf8'), OLDEST_NODE)
  for (const { name, range } of excluding) {
    console.error(
      `${name} needs Node.js ${range}; override it in pnpm-workspace.yaml with the newest that does not`,
    )
  }
  console.log(`${excluding.length} locked packages exclude Node.js ${OLDEST_NODE}`)
  process.exitCode = excluding.length === 0 ? 0 : 1
}
