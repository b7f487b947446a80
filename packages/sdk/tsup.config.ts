import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'contract/index': 'src/contract/index.ts',
    'testing/index': 'src/testing/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20.19',
  platform: 'node',
  dts: true,
  // The entries share one copy of the contract and of the errors.
  splitting: true,
  removeNodeProtocol: false,
  clean: true,
})
