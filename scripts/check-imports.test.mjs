import { describe, expect, it } from 'vitest'
import { checkFile, roomOf } from './rooms/check-file.mjs'
import { ROOMS } from './rooms/rooms.mjs'

const server = 'packages/server/src'

describe('a forbidden import is found, with its line and the reason', () => {
  /** File, one line of it, and what the report must say. */
  const violations = [
    ['packages/sdk/src/contract/endpoint.ts', "import { Agent } from 'undici'", 'A browser'],
    ['packages/sdk/src/contract/endpoint.ts', "import { hash } from 'node:crypto'", 'A browser'],
    ['packages/sdk/src/contract/endpoint.ts', "import { send } from '../client/send'", 'A browser'],
    [
      'packages/sdk/src/client/send.ts',
      "import { app } from '@snoop/server'",
      'People install the SDK alone',
    ],
    ['packages/sdk/src/index.ts', "export * from './testing/handlers'", 'People install the SDK alone'],
    ['packages/cli/src/commands/login.ts', "import { app } from '@snoop/server'", 'one more user'],
    ['packages/cli/src/commands/login.ts', "import { send } from '@snoop/sdk/client/send'", 'its exports'],
    ['packages/cli/src/commands/login.ts', "import { send } from '../../../sdk/src/index'", 'its exports'],
    [`${server}/config/read-config.ts`, "import { open } from '../storage/engine'", 'before anything else'],
    [
      `${server}/observability/logger.ts`,
      "import type { User } from '../domain/users/user'",
      'may need none',
    ],
    [`${server}/mail/mailer.ts`, "import { open } from '../storage/engine'", 'text to be delivered'],
    [`${server}/sealing/seal-text.ts`, "import { open } from '../storage/engine'", 'they need nobody'],
    [`${server}/pages/result/page.ts`, "import { open } from '../../storage/engine'", 'knows no rule'],
    [`${server}/storage/engine.ts`, "import { z } from 'zod'", 'no business rule'],
    [
      `${server}/storage/stores/user-store.ts`,
      "import type { User } from '../../domain/users/user'",
      'no business',
    ],
    [`${server}/domain/users/create-user.ts`, "import { z } from 'zod'", 'outlive wire shapes'],
    [
      `${server}/domain/users/create-user.ts`,
      "import type { Wire } from '../../http/wire'",
      'outlive wire shapes',
    ],
    [`${server}/domain/users/create-user.ts`, "import { x } from '../../dialects/native/user'", 'outlive'],
    [
      `${server}/domain/users/create-user.ts`,
      "import { userSchema } from '@snoop/sdk/contract'",
      'no wire shape',
    ],
    [
      `${server}/capture/photographer.ts`,
      "import { open } from '../storage/engine'",
      'what they are asked for',
    ],
    [
      `${server}/capture/photographer.ts`,
      "import { hashSecret } from '../domain/secret-hash'",
      'how one fails',
    ],
    [`${server}/domain/screenshots/take.ts`, "import { chromium } from 'playwright-core'", 'outlive'],
    [`${server}/jobs/sweep.ts`, "import { handle } from '../http/handle-request'", 'by the clock'],
    [`${server}/http/router.ts`, "import { native } from '../dialects/native'", 'do not exist yet'],
    [`${server}/http/router.ts`, "const store = await import('../storage/engine')", 'do not exist yet'],
    [`${server}/http/router.ts`, "type Store = import('../storage/engine').Engine", 'do not exist yet'],
    [`${server}/dialects/snipy/user.ts`, "import { render } from '../native/render'", 'from one another'],
    [`${server}/dialects/native/user.ts`, "import { open } from '../../storage/engine'", 'away from storage'],
    [`${server}/dialects/native/user.ts`, "import { start } from '../../main'", 'at the edge'],
    [`${server}/domain/clock.ts`, "import { fixedClock } from '../testing/clock'", 'outlive wire shapes'],
    [`${server}/domain/clock.ts`, 'const home = process.env.HOME', 'in one place'],
    [`${server}/domain/clock.ts`, "import { env } from 'node:process'", 'in one place'],
    [`${server}/domain/clock.ts`, "console.log('x')", 'its logger'],
    [`${server}/domain/clock.ts`, 'const later = import(name)', 'as a literal'],
    [`${server}/surprise/clock.ts`, 'export {}', 'no room'],
  ]

  it.each(violations)('%s: %s', (file, line, why) => {
    const [problem, ...more] = checkFile(file, `// first line\n${line}\n`)
    expect(more).toEqual([])
    expect(problem).toContain(why)
    expect(problem).toMatch(why === 'no room' ? `${file}:1 ` : `${file}:2 `)
  })

  it('leaves no room without a violation in this list', () => {
    const tried = new Set(violations.map(([file]) => roomOf(file)?.files.join()))
    const closed = ROOMS.filter(room => !room.everything)
    expect(closed.filter(room => !tried.has(room.files.join())).map(room => room.name)).toEqual([])
  })
})

describe('what the table allows passes', () => {
  it.each([
    ['packages/sdk/src/client/send.ts', "import type { Endpoint } from '../contract'"],
    ['packages/cli/src/commands/login.ts', "import { createClient } from '@snoop/sdk'"],
    ['packages/cli/src/run-in-process.ts', 'runCli(process.env)'],
    [`${server}/domain/users/create-user.ts`, "import { SCOPES, type ErrorCode } from '@snoop/sdk/contract'"],
    [`${server}/capture/watch.ts`, "import { CaptureError } from '../domain/screenshots/capture-error'"],
    [`${server}/dialects/native/user.ts`, "import type { Handler } from '../../http/handler'"],
    [`${server}/http/router.test.ts`, "import { native } from '../dialects/native'"],
    [`${server}/app.ts`, "import { native } from './dialects/native'"],
  ])('%s: %s', (file, text) => {
    expect(checkFile(file, text)).toEqual([])
  })
})
