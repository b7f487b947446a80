import { existsSync } from 'node:fs'
import { inRepository } from '../repository.mjs'
import { npmShell, runProcess } from '../run-process.mjs'
import { hashFiles, readStamp, writeStamp } from './stamp.mjs'

/** In the order of building: the others bundle or import what the SDK's build makes. */
const PACKAGES = ['sdk', 'server', 'cli']

const isTest = path => /\.test\.[a-z]+$/.test(path)
const inputsOf = name =>
  ['src', 'package.json', 'tsup.config.ts'].map(entry => inRepository('packages', name, entry))

/** Builds the packages whose sources, or whose dependencies, changed since their last build. */
export const buildPackages = async () => {
  const shared = [...inputsOf('sdk'), inRepository('tsconfig.json'), inRepository('pnpm-lock.yaml')]
  for (const name of PACKAGES) {
    const wanted = hashFiles([...shared, ...inputsOf(name)], path => !isTest(path))
    const stamp = `build-${name}`
    if (existsSync(inRepository('packages', name, 'dist')) && readStamp(stamp) === wanted) continue
    await buildPackage(name)
    writeStamp(stamp, wanted)
  }
}

const buildPackage = async name => {
  console.log(`Building packages/${name} …`)
  const cwd = inRepository('packages', name)
  const { code, output } = await runProcess('npm', ['run', '--silent', 'build'], { cwd, ...npmShell })
  if (code !== 0) {
    console.error(output)
    throw new Error(`the build of packages/${name} ended with ${code}`)
  }
}
