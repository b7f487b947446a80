import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

const source = fileURLToPath(new URL('writing-process.ts', import.meta.url))
// Inside node_modules, so that Node finds the packages that are not bundled.
const parent = fileURLToPath(new URL('../../node_modules', import.meta.url))

/** Builds `writing-process.ts` for Node to run, which can't read TypeScript itself. */
export async function buildWritingProcess(): Promise<{ readonly path: string; remove(): void }> {
  const outDir = mkdtempSync(join(parent, '.writing-process-'))
  await build({
    entry: { main: source },
    outDir,
    format: 'esm',
    outExtension: () => ({ js: '.mjs' }),
    config: false,
    clean: false,
    silent: true,
    skipNodeModulesBundle: true,
    removeNodeProtocol: false,
    target: 'node20',
  })
  return { path: join(outDir, 'main.mjs'), remove: () => rmSync(outDir, { recursive: true }) }
}
