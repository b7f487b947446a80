import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createClient } from '@snoop/sdk'

/** The built server, or another build of it that SNOOP_TEST_SERVER names. */
const PROGRAM =
  process.env.SNOOP_TEST_SERVER ?? fileURLToPath(new URL('../../../server/dist/main.js', import.meta.url))

export interface Server {
  readonly url: string
  /** Makes an account whose address is verified. */
  createAccount(name: string): Promise<Account>
  stop(): Promise<void>
}

export interface Account {
  readonly email: string
  readonly password: string
}

const readUrl = async (child: ChildProcess): Promise<string> => {
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /https?:\/\/\S+/.exec(line)?.[0]
    if (url) return url
  }
  throw new Error('The server ended before it was ready')
}

/** Quoted-printable as far as a link needs it (RFC 2045, 6.7). */
const decodeMail = (text: string): string =>
  text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

const findToken = (folder: string, email: string): string | undefined => {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const mail = decodeMail(readFileSync(join(folder, name), 'utf8'))
    if (mail.includes(`To: ${email}`)) return /token=([\w-]+)/.exec(mail)?.[1]
  }
  return undefined
}

const waitForToken = async (folder: string, email: string): Promise<string> => {
  for (let tries = 0; tries < 200; tries++) {
    const token = findToken(folder, email)
    if (token !== undefined) return token
    await sleep(50)
  }
  throw new Error(`No mail came for ${email}`)
}

/** Starts the built server with data of its own on a free port. */
export const startServer = async (): Promise<Server> => {
  if (!existsSync(PROGRAM)) throw new Error('The server is not built: run `pnpm build` first')
  const data = mkdtempSync(join(tmpdir(), 'snoop-server-'))
  const off = ['global', 'signIn', 'signUp', 'verificationMail'].flatMap(group => [
    '--rate-limit',
    `${group}=off`,
  ])
  const args = ['--port', '0', '--data-dir', data, '--log-level', 'error', '--key-rate-limit', 'off', ...off]
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH ?? '' },
  })
  const url = await readUrl(child)
  return {
    url,
    async createAccount(name) {
      const account = { email: `${name}@example.com`, password: 'a long passphrase of ours' }
      const client = createClient({ baseUrl: url })
      await client.auth.signUpEmail({ ...account, name })
      await client.auth.verifyEmail({ token: await waitForToken(join(data, 'outbox'), account.email) })
      await client.close()
      return account
    },
    async stop() {
      if (child.exitCode === null) {
        const ended = once(child, 'exit')
        child.kill('SIGTERM')
        await ended
      }
      rmSync(data, { recursive: true, force: true })
    },
  }
}
