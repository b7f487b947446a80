// Each surface is its folder alone: domain and storage must compile in a copy of the server without it.
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRepository } from './repository.mjs'
import { runProcess } from './run-process.mjs'

const SURFACES = ['snipy', 'snaptrack', 'snaapi']
const ROOMS = ['domain', 'storage']

/** Beside the packages, so that they are found by the same paths. */
const copyWithout = surface => {
  const copy = mkdtempSync(inRepository('node_modules', `.snoop-without-${surface}-`))
  const server = inRepository('packages', 'server')
  cpSync(join(server, 'src'), join(copy, 'src'), {
    recursive: true,
    filter: path => !path.endsWith(join('dialects', surface)),
  })
  symlinkSync(join(server, 'node_modules'), join(copy, 'node_modules'))
  const config = {
    extends: inRepository('tsconfig.json'),
    compilerOptions: {
      typeRoots: [inRepository('node_modules', '@types')],
      paths: { '@snoop/sdk/contract': [inRepository('packages', 'sdk', 'src', 'contract', 'index.ts')] },
    },
    include: ROOMS.map(room => `src/${room}`),
    exclude: ['**/*.test.ts', '**/testing/**'],
  }
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(config))
  return copy
}

/** @returns {Promise<boolean>} whether the rooms compile without the surface */
const compilesWithout = async surface => {
  const copy = copyWithout(surface)
  try {
    const tsc = inRepository('node_modules', 'typescript', 'bin', 'tsc')
    const { code, output } = await runProcess(process.execPath, [tsc, '-p', copy], { cwd: copy })
    if (code !== 0) console.log(`Without ${surface}, ${ROOMS.join(' and ')} do not compile:\n${output}`)
    return code === 0
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

const results = []
for (const surface of SURFACES) results.push(await compilesWithout(surface))
const whole = results.filter(Boolean).length
console.log(`${ROOMS.join(' and ')} compile without ${whole} of ${SURFACES.length} surfaces, each in a copy`)
process.exitCode = whole === SURFACES.length ? 0 : 1
