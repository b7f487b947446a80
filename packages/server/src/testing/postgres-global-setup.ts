import type { TestProject } from 'vitest/node'
import { findPostgresPrograms, type PrivatePostgres, startPostgres } from './start-postgres'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server that this test run may use, or null where PostgreSQL is not installed. */
    postgresUrl: string | null
  }
}

let server: PrivatePostgres | undefined

/** Starts one PostgreSQL server for the whole test run; with `SNOOP_TEST_POSTGRES=off` it does without one. */
export async function setup(project: TestProject): Promise<void> {
  if (process.env.SNOOP_TEST_POSTGRES !== 'off') {
    const bin = findPostgresPrograms()
    if (bin === undefined) reportMissing()
    else server = await startPostgres(bin)
  }
  project.provide('postgresUrl', server?.url ?? null)
}

export async function teardown(): Promise<void> {
  await server?.stop()
}

function reportMissing(): void {
  const message =
    'PostgreSQL is not installed: every test that is to run on each database runs on SQLite ALONE. Install the package postgresql.'
  if (process.env.SNOOP_REQUIRE_ALL_PARTS === '1') throw new Error(message)
  process.stderr.write(`\n${'!'.repeat(message.length)}\n${message}\n${'!'.repeat(message.length)}\n\n`)
}
