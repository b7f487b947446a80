/**
 * The rooms: each folder of the packages, and all that its files may import.
 *
 * `files`: globs from the root; the first room that fits a file is its room. `rooms`: rooms that may be imported, besides
 * the own one. `packages`: npm packages; `node:*` stands for Node's own modules. `why` is printed when a rule is broken.
 * `everything` marks the few places that see the whole.
 *
 * @typedef {object} Room
 * @property {string} name
 * @property {readonly string[]} files
 * @property {readonly string[]} [rooms]
 * @property {readonly string[]} [packages]
 * @property {boolean} [everything]
 * @property {string} why
 */

const testFiles = [
  'packages/**/*.test.ts',
  'packages/*/test/**',
  'packages/*/src/testing/**',
  'packages/*/src/**/testing/**',
]
const sdkClient = ['sdk/src/client/**', 'sdk/src/errors.ts', 'sdk/src/index.ts']

/** @type {readonly Room[]} */
export const ROOMS = [
  {
    name: 'tests',
    files: testFiles,
    everything: true,
    why: 'Tests may see the whole; what ships may not import them.',
  },
  {
    name: 'tools',
    files: ['packages/*/bench/**', 'examples/**'],
    everything: true,
    why: 'They are run, never imported.',
  },
  {
    name: 'sdk/contract',
    files: ['packages/sdk/src/contract/**'],
    packages: ['zod'],
    why: 'A browser or a test must be able to read the contract.',
  },
  {
    name: 'sdk/client',
    files: sdkClient.map(path => `packages/${path}`),
    rooms: ['sdk/contract'],
    packages: ['undici', 'tough-cookie', 'node:*'],
    why: 'People install the SDK alone.',
  },
  {
    name: 'cli',
    files: ['packages/cli/src/**'],
    rooms: ['sdk/client', 'sdk/contract'],
    packages: [
      '@clack/prompts',
      '@napi-rs/keyring',
      'chalk',
      'commander',
      'conf',
      'fast-string-width',
      'ora',
      'qrcode',
      'node:*',
    ],
    why: 'The CLI is one more user of the SDK: it sees its public exports and nothing of the server.',
  },
  {
    name: 'server/composition',
    files: ['packages/server/src/*.ts'],
    everything: true,
    why: 'The composition root and the public index import the rooms, never the other way round.',
  },
  {
    name: 'server/config',
    files: ['packages/server/src/config/**'],
    rooms: ['sdk/contract'],
    packages: ['zod', 'node:*'],
    why: 'Settings are read before anything else is there.',
  },
  {
    name: 'server/observability',
    files: ['packages/server/src/observability/**'],
    rooms: ['server/config'],
    packages: ['pino', 'node:*'],
    why: 'Every room may log, so logging may need none of them.',
  },
  {
    name: 'server/foundations',
    files: ['sealing', 'timers', 'html'].map(folder => `packages/server/src/${folder}/**`),
    packages: ['node:*'],
    why: 'Sealing, timers and escaping are done in one way, whoever needs them, so they need nobody.',
  },
  {
    name: 'server/mail',
    files: ['packages/server/src/mail/**'],
    rooms: ['server/config', 'server/observability', 'server/foundations'],
    packages: ['nodemailer', 'node:*'],
    why: 'A mail is text to be delivered; who gets one and when is for the domain.',
  },
  {
    name: 'server/storage',
    files: ['packages/server/src/storage/**'],
    packages: ['kysely', 'pg', '@photostructure/sqlite', 'node:*'],
    why: 'SQL knows no business rule: storage imports itself and the engines’ drivers.',
  },
  {
    name: 'server/domain',
    files: ['packages/server/src/domain/**'],
    rooms: [
      'sdk/contract',
      'server/storage',
      'server/mail',
      'server/observability',
      'server/config',
      'server/foundations',
    ],
    packages: [
      '@node-rs/argon2',
      '@simplewebauthn/server',
      '@zxcvbn-ts/language-common',
      'bowser',
      'jose',
      'openid-client',
      'otpauth',
      'pngjs',
      'qrcode',
      'stripe',
      'ulid',
      'node:*',
    ],
    why: 'Rules outlive wire shapes: the domain knows no HTTP, no dialect and no schema.',
  },
  {
    name: 'server/capture',
    files: ['packages/server/src/capture/**'],
    rooms: ['server/domain', 'server/foundations'],
    packages: ['playwright-core', 'node:*'],
    why: 'The browser and its proxy run the code of strangers: of the domain they know what they are asked for.',
  },
  {
    name: 'server/jobs',
    files: ['packages/server/src/jobs/**'],
    rooms: [
      'server/domain',
      'server/storage',
      'server/mail',
      'server/observability',
      'server/config',
      'server/foundations',
    ],
    packages: ['node:*'],
    why: 'A job runs the domain by the clock instead of by a request.',
  },
  {
    name: 'server/http',
    files: ['packages/server/src/http/**'],
    rooms: ['sdk/contract', 'server/domain', 'server/observability', 'server/config'],
    packages: ['zod', 'node:*'],
    why: 'The walk of a request must work for dialects that do not exist yet.',
  },
  {
    name: 'server/dialects/*',
    files: ['packages/server/src/dialects/*/**'],
    rooms: ['sdk/contract', 'server/http', 'server/domain', 'server/observability'],
    packages: ['csv-stringify', 'zod', 'node:*'],
    why: 'Wire shapes stay at the edge, away from storage and from one another.',
  },
  {
    name: 'server/pages',
    files: ['packages/server/src/pages/**'],
    rooms: ['sdk/contract', 'server/http', 'server/domain', 'server/foundations'],
    packages: ['zod', 'node:*'],
    why: 'A page shows what the API says and asks it for the rest: it knows no rule, no storage and no dialect.',
  },
]

/** What `@snoop/…` names stand for: the room that holds the module. Any other path into a package is closed. */
export const WORKSPACE_EXPORTS = {
  '@snoop/sdk': 'packages/sdk/src/index.ts',
  '@snoop/sdk/contract': 'packages/sdk/src/contract/index.ts',
  '@snoop/sdk/testing': 'packages/sdk/src/testing/index.ts',
  '@snoop/server': 'packages/server/src/index.ts',
}

/** Names that a room must not take from another one, though it may import it. */
export const CLOSED_NAMES = [
  {
    room: 'server/domain',
    from: 'sdk/contract',
    names: /Schema$|Shape$|Endpoints?$|^contract$/,
    why: 'Of the contract the domain takes words and error codes, no wire shape.',
  },
  {
    room: 'server/capture',
    from: 'server/domain',
    names: /^(?!(CaptureError|Photographer|ScreenshotRequest)$)/,
    why: 'Of the domain they take the photographer that it asks for, and how one fails.',
  },
]

/** Globals that only the named files may touch. */
export const CLOSED_GLOBALS = [
  {
    name: 'process.env',
    files: [
      'packages/server/src/config/**',
      'packages/server/src/main.ts',
      'packages/cli/src/run-in-process.ts',
      ...testFiles,
      'packages/*/bench/**',
      'examples/**',
    ],
    why: 'Settings are read in one place and handed on, so that every other part can be given them by a test.',
  },
  {
    name: 'console',
    files: ['packages/*/bench/**', 'examples/**'],
    why: 'The server logs by its logger; the CLI writes to the streams that it was given.',
  },
]
