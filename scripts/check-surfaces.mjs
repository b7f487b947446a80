// The rules outlive every wire shape: domain and storage must compile in a copy of the server that has none, so without
// any one of them too; and no file of a dialect is part of what they are.
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { inRepository } from './repository.mjs'
import { runProcess } from './run-process.mjs'

const ROOMS = ['domain', 'storage']
const source = inRepository('packages', 'server', 'src')
const dialects = readdirSync(join(source, 'dialects'))

/** What of the server's sources is compiled. */
const configOf = folder => ({
  extends: inRepository('tsconfig.json'),
  compilerOptions: {
    typeRoots: [inRepository('node_modules', '@types')],
    paths: { '@snoop/sdk/contract': [inRepository('packages', 'sdk', 'src', 'contract', 'index.ts')] },
  },
  include: ROOMS.map(room => join(folder, room)),
  exclude: ['**/*.test.ts', '**/testing/**'].map(pattern => join(folder, pattern)),
})

/** A copy without dialects, beside the packages, so that they are found by the same paths. */
const makeCopy = () => {
  const copy = mkdtempSync(inRepository('node_modules', '.snoop-without-dialects-'))
  const isKept = path => path !== join(source, 'dialects') && !path.endsWith('.test.ts')
  cpSync(source, join(copy, 'src'), { recursive: true, filter: isKept })
  symlinkSync(inRepository('packages', 'server', 'node_modules'), join(copy, 'node_modules'))
  writeFileSync(join(copy, 'without.json'), JSON.stringify(configOf(join(copy, 'src'))))
  writeFileSync(join(copy, 'whole.json'), JSON.stringify(configOf(source)))
  return copy
}

const tsc = (copy, ...args) =>
  runProcess(process.execPath, [inRepository('node_modules', 'typescript', 'bin', 'tsc'), ...args], {
    cwd: copy,
  })

const copy = makeCopy()
try {
  const [without, whole] = await Promise.all([
    tsc(copy, '-p', 'without.json'),
    tsc(copy, '-p', 'whole.json', '--listFilesOnly'),
  ])
  if (without.code !== 0)
    console.log(`Without dialects, ${ROOMS.join(' and ')} do not compile:\n${without.output}`)
  const files = whole.stdout.split('\n')
  const isListed = folder => files.some(file => file.startsWith(join(source, folder) + sep))
  const known = dialects.filter(name => isListed(join('dialects', name)))
  for (const name of known) console.log(`dialects/${name} is part of ${ROOMS.join(' and ')}`)
  const isWhole = whole.code === 0 && ROOMS.every(isListed)
  if (!isWhole) console.log(`The files of ${ROOMS.join(' and ')} could not be listed:\n${whole.output}`)
  const passed = without.code === 0 && isWhole && known.length === 0
  if (passed) console.log(`${ROOMS.join(' and ')} compile without ${dialects.join(', ')}, in a copy`)
  process.exitCode = passed ? 0 : 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
