import { readFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/**
 * Much of what would be bundled is never used here: zod's words in forty languages, undici beside our own transport,
 * and the writer of PNG files in qrcode, of which we want the squares alone.
 */
const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    build.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export {}' }))
    build.onResolve({ filter: /^qrcode$/ }, ({ resolveDir }) =>
      build.resolve('qrcode/lib/core/qrcode.js', { kind: 'require-call', resolveDir }),
    )
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
