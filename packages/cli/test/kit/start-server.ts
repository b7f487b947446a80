import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createClient, RATE_LIMIT_GROUPS } from '@snoop/sdk'

/** The built server, or another build of it that SNOOP_TEST_SERVER names. */
const PROGRAM =
  process.env.SNOOP_TEST_SERVER ?? fileURLToPath(new URL('../../../server/dist/main.js', import.meta.url))

const SERVER_PACKAGE = fileURLToPath(new URL('../../../server/package.json', import.meta.url))

export interface Server {
  readonly url: string
  /** Makes an account whose address is verified. */
  createAccount(name: string): Promise<Account>
  /** Waits for a mail with these words in its subject. @returns the last one */
  mailTo(email: string, subject: string): Promise<Mail>
  /** How many mails with these words in their subject have gone out. */
  countMails(email: string, subject: string): number
  /** Makes every session look as if its user had proved who they are that much earlier. */
  ageSessions(milliseconds: number): void
  /** Changes the database behind the server's back. */
  tamper(sql: string): void
  stop(): Promise<void>
}

export interface Account {
  readonly email: string
  readonly password: string
}

/** What a mail holds for its reader. */
export interface Mail {
  /** The link with a token in it, if there is one. */
  readonly link: string | undefined
  /** The code to type in, if there is one. */
  readonly code: string | undefined
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

/** The mails so far, the newest last: names begin with the time. */
const readMails = (folder: string, email: string, subject: string): Mail[] =>
  (existsSync(folder) ? readdirSync(folder).sort() : [])
    // One that is being written has another name until it is whole.
    .filter(name => name.endsWith('.eml'))
    .map(name => decodeMail(readFileSync(join(folder, name), 'utf8')))
    .filter(text => text.includes(`To: ${email}`) && /^Subject: (.*)$/m.exec(text)?.[1]?.includes(subject))
    .map(text => ({
      link: /https?:\/\/\S+(?:\?token=|\/invites#)[\w-]+/.exec(text)?.[0],
      code: /^\s*(\d{6})\s*$/m.exec(text)?.[1],
    }))

const waitForMail = async (folder: string, email: string, subject: string): Promise<Mail> => {
  for (let tries = 0; tries < 200; tries++) {
    const mail = readMails(folder, email, subject).at(-1)
    if (mail !== undefined) return mail
    await sleep(50)
  }
  throw new Error(`No mail "${subject}" came for ${email}`)
}

const tokenOf = ({ link }: Mail): string => new URL(link ?? '').searchParams.get('token') ?? ''

/** The server's own SQLite library: ours has none. */
const openDatabase = (data: string) => {
  const { DatabaseSync } = createRequire(SERVER_PACKAGE)('@photostructure/sqlite')
  return new DatabaseSync(join(data, 'snoop.db'))
}

/** Starts the built server with data of its own on a free port. */
export const startServer = async (): Promise<Server> => {
  if (!existsSync(PROGRAM)) throw new Error('The server is not built: run `pnpm build` first')
  const data = mkdtempSync(join(tmpdir(), 'snoop-server-'))
  const off = RATE_LIMIT_GROUPS.flatMap(group => ['--rate-limit', `${group}=off`])
  const args = ['--port', '0', '--data-dir', data, '--log-level', 'error', '--key-rate-limit', 'off', ...off]
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH ?? '' },
  })
  const url = await readUrl(child)
  const outbox = join(data, 'outbox')
  const tamper = (sql: string): void => {
    const database = openDatabase(data)
    database.exec(sql)
    database.close()
  }
  return {
    url,
    async createAccount(name) {
      const account = { email: `${name}@example.com`, password: 'a long passphrase of ours' }
      const client = createClient({ baseUrl: url })
      await client.auth.signUpEmail({ ...account, name })
      const mail = await waitForMail(outbox, account.email, 'Confirm your e-mail address')
      await client.auth.verifyEmail({ token: tokenOf(mail) })
      await client.close()
      return account
    },
    mailTo: (email, subject) => waitForMail(outbox, email, subject),
    countMails: (email, subject) => readMails(outbox, email, subject).length,
    ageSessions: milliseconds =>
      tamper(`update sessions set authenticated_at = authenticated_at - ${milliseconds}`),
    tamper,
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
