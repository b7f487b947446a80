import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

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
  define: { SNOOP_CLI_VERSION: JSON.stringify(version) },
  // Bundled CommonJS modules (commander among them) call require for Node's own modules.
  banner: {
    js: "import{createRequire as __require}from'node:module';const require=__require(import.meta.url);",
  },
})
