// Usage: node scripts/with-setup.mjs SCRIPT [arguments]
// Makes a fresh clone ready, with nothing but Node.js and npm on the machine, then runs SCRIPT (a path from the root).
import { nodeVersionProblem } from './setup/node-version.mjs'

const main = async ([script, ...args]) => {
  const problem = nodeVersionProblem(process.versions.node)
  if (problem !== undefined) throw new Error(problem)
  if (script === undefined) throw new Error('Usage: node scripts/with-setup.mjs SCRIPT [arguments]')

  // Loaded only now, so that an old Node.js still reaches the message above.
  const { installDependencies } = await import('./setup/install-dependencies.mjs')
  const { buildPackages } = await import('./setup/build-packages.mjs')
  const { runOnTerminal } = await import('./run-process.mjs')
  const { inRepository } = await import('./repository.mjs')
  await installDependencies()
  await buildPackages()
  return runOnTerminal(process.execPath, [inRepository(script), ...args])
}

main(process.argv.slice(2)).then(
  code => {
    process.exitCode = code
  },
  error => {
    console.error(error.message)
    process.exitCode = 1
  },
)
