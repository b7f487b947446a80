import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { inRepository } from './repository.mjs'

/**
 * What a module would load only later from another folder (a command's work) is not needed to read what it declares;
 * what lies beside it is (the commands of a group).
 */
const leaveDynamicImports = {
  name: 'leave-dynamic-imports',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\.\// }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    ),
}

let loaded = 0

/**
 * Imports a TypeScript module of a package from its sources, so that no build is needed and none can be stale.
 * @param {string} packageName folder in packages/
 * @param {string} entry path in that folder
 * @returns {Promise<Record<string, unknown>>} its exports
 */
export const loadTypescript = async (packageName, entry) => {
  loaded += 1
  // Inside the package, so that its dependencies are found from there.
  const name = `${basename(entry, '.ts')}-${process.pid}-${loaded}.mjs`
  const outfile = inRepository('packages', packageName, 'node_modules', '.snoop', name)
  await build({
    entryPoints: [inRepository('packages', packageName, entry)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // What one package takes from another one is its source too: `paths` in tsconfig.json says where that is.
    tsconfig: inRepository('tsconfig.json'),
    plugins: [leaveDynamicImports],
    logLevel: 'error',
  })
  try {
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(outfile)
  }
}
