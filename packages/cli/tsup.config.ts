import { readFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** Half of what would be bundled is never used here: zod's words in forty languages, and undici beside our own transport. */
const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    build.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export {}' }))
    build.onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: 'left-out' }))
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw new Error('${path} is not part of snoop')\nexport const Agent = undefined, request = undefined`,
    }))
  },
}

/** Bundled CommonJS modules (commander among them) call require for Node's own modules; one chunk does it for all. */
const requireShim: NonNullable<Options['plugins']>[number] = {
  name: 'require-shim',
  renderChunk: code =>
    code.includes('Dynamic require of')
      ? {
          code: `import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);${code}`,
        }
      : undefined,
}

export default defineConfig({
  entry: { main: 'src/main.ts', 'keychain-process': 'src/keychain/keychain-process.ts' },
  format: 'esm',
  target: 'node20',
  splitting: true,
  clean: true,
  minify: true,
  removeNodeProtocol: false,
  // All in one package that installs nothing but the keychain's native module.
  noExternal: [/^(?!@napi-rs\/keyring$)/],
  external: ['@napi-rs/keyring'],
  esbuildPlugins: [leaveOut],
  define: { SNOOP_CLI_VERSION: JSON.stringify(version) },
  plugins: [requireShim],
})
