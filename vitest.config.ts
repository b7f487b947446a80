import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(`packages/${path}`, import.meta.url))

export default defineConfig({
  resolve: {
    // Tests read the sources, so that none can pass on a stale build. The same list as `paths` in tsconfig.json.
    alias: [
      { find: /^@snoop\/sdk$/, replacement: source('sdk/src/index.ts') },
      { find: /^@snoop\/sdk\/contract$/, replacement: source('sdk/src/contract/index.ts') },
      { find: /^@snoop\/sdk\/testing$/, replacement: source('sdk/src/testing/index.ts') },
      { find: /^@snoop\/server$/, replacement: source('server/src/index.ts') },
    ],
  },
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.mjs'],
    globalSetup: ['packages/server/src/testing/postgres-global-setup.ts'],
    // Left to itself vitest keeps one core free: of two that is half.
    maxWorkers: '100%',
    // A hang must fail; a busy machine must not.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
})
