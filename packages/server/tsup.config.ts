import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/main.ts', 'src/index.ts'],
  format: 'esm',
  target: 'node20',
  platform: 'node',
  dts: { entry: 'src/index.ts' },
  clean: true,
  // Without this tsup turns `node:sqlite` into `sqlite`, which does not exist.
  removeNodeProtocol: false,
})
