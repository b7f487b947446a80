import { posix } from 'node:path'
import { readImports } from './read-imports.mjs'
import { CLOSED_GLOBALS, CLOSED_NAMES, ROOMS, WORKSPACE_EXPORTS } from './rooms.mjs'

/**
 * A glob as a regular expression: `*` is one path segment or a part of it, `**` any number of them.
 * @param {string} glob
 */
const globToRegExp = glob =>
  new RegExp(
    `^${glob
      .split('**')
      .map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*'))
      .join('.*')}$`,
  )

const fits = (file, globs) => globs.some(glob => globToRegExp(glob).test(file))

/**
 * The room of a file, with the folder's name for rooms such as `server/dialects/*`.
 * @param {string} file path from the root, with slashes
 * @returns {import('./rooms.mjs').Room | undefined}
 */
export const roomOf = file => {
  const room = ROOMS.find(({ files }) => fits(file, files))
  if (room === undefined || !room.name.endsWith('/*')) return room
  const folder = file.split('/')[room.name.split('/').length + 1]
  return { ...room, name: room.name.replace('*', folder) }
}

/**
 * Everything in which a file breaks the rules of its room.
 * @param {string} file path from the root, with slashes
 * @param {string} text
 * @returns {string[]} `file:line  what is wrong: why`
 */
export const checkFile = (file, text) => {
  const room = roomOf(file)
  if (room === undefined) return [`${file}:1  is in no room; add its folder to scripts/rooms/rooms.mjs`]
  const { imports, globals, unreadable } = readImports(file, text)
  const say = (line, problem, why) => `${file}:${line}  ${problem}: ${why}`
  return [
    ...imports.flatMap(used => {
      const problem = importProblem(file, room, used)
      return problem === undefined ? [] : [say(used.line, problem.text, problem.why)]
    }),
    ...globals.flatMap(({ name, line }) => {
      const rule = CLOSED_GLOBALS.find(closed => closed.name === name)
      return rule === undefined || fits(file, rule.files)
        ? []
        : [say(line, `${name} is not for this file`, rule.why)]
    }),
    ...unreadable.map(line =>
      say(line, 'an import must name its module as a literal', 'this check and the bundler must see it'),
    ),
  ]
}

const importProblem = (file, room, { specifier, names }) => {
  const target = targetOf(file, specifier)
  if (room.everything) return undefined
  if (target.package !== undefined) {
    const isOpen = room.packages?.includes(target.package) ?? false
    return isOpen ? undefined : { text: `${room.name} may not import '${specifier}'`, why: room.why }
  }
  if (target.file === undefined) {
    return { text: `'${specifier}' is no public export`, why: 'a package is used by its exports alone' }
  }
  const other = roomOf(target.file)
  const crossesPackages = specifier.startsWith('.') && packageOf(file) !== packageOf(target.file)
  if (crossesPackages) {
    return { text: `'${specifier}' leads out of the package`, why: 'a package is used by its exports alone' }
  }
  if (other?.name === room.name) return undefined
  if (other === undefined || !room.rooms?.includes(other.name)) {
    return {
      text: `${room.name} may not import ${other?.name ?? 'an unknown room'} ('${specifier}')`,
      why: room.why,
    }
  }
  const closed = CLOSED_NAMES.find(rule => rule.room === room.name && rule.from === other.name)
  const name = names.find(candidate => closed?.names.test(candidate))
  return name === undefined ? undefined : { text: `${room.name} may not take ${name}`, why: closed.why }
}

const packageOf = file => file.split('/').slice(0, 2).join('/')

/** Where an import leads: to a file of ours, to an npm package (`node:*` for Node's own), or into a closed path. */
const targetOf = (file, specifier) => {
  if (specifier.startsWith('.')) {
    const path = posix.join(posix.dirname(file), specifier)
    // A folder's own name stands for its index.
    const candidates = [path, `${path}.ts`, `${path}/index.ts`]
    return { file: candidates.find(candidate => roomOf(candidate) !== undefined) ?? path }
  }
  if (specifier.startsWith('@snoop/')) return { file: WORKSPACE_EXPORTS[specifier] }
  if (specifier.startsWith('node:')) return { package: 'node:*' }
  return { package: specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/') }
}
