// Checks that every file keeps to the import rules of its room (scripts/rooms/rooms.mjs).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { inRepository, root } from './repository.mjs'
import { checkFile } from './rooms/check-file.mjs'

const folders = [
  'examples',
  ...readdirSync(inRepository('packages')).flatMap(name =>
    ['src', 'test', 'bench'].map(folder => `packages/${name}/${folder}`),
  ),
]

const files = folders
  .map(folder => inRepository(folder))
  .filter(existsSync)
  .flatMap(folder => readdirSync(folder, { recursive: true, withFileTypes: true }))
  .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'))
  .map(entry => relative(root, `${entry.parentPath}${sep}${entry.name}`).replaceAll(sep, '/'))
  .sort()

const problems = files.flatMap(file => checkFile(file, readFileSync(inRepository(file), 'utf8')))
for (const problem of problems) console.error(problem)
console.log(`${files.length} files, ${problems.length} broken import rules`)
process.exitCode = problems.length === 0 ? 0 : 1
