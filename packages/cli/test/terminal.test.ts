import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { create } from 'qrcode'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { PROGRAM } from './kit/run-snoop'
import { type Account, type Server, startServer } from './kit/start-server'
import { createHome } from './kit/temporary-home'
import { totpCode } from './kit/totp'

/** util-linux: runs a command on a terminal of its own. */
const SCRIPT = '/usr/bin/script'

let server: Server
let account: Account
const { home, remove } = createHome()

beforeAll(async () => {
  server = await startServer()
  account = await server.createAccount('ada')
})
afterAll(async () => {
  await server.stop()
  remove()
})

interface Step {
  /** Waits until this is on the screen, or all of these, one after the other. */
  readonly see: string | readonly string[]
  /** What is typed then, if need be after a look at the screen. */
  readonly type: string | ((screen: string) => string)
}

/** Whether the words stand in the text in this order. */
const holdsInTurn = (text: string, words: string | readonly string[]): boolean => {
  let from = 0
  return [words].flat().every(word => {
    const at = text.indexOf(word, from)
    from = at + word.length
    return at >= 0
  })
}

/** Runs a shell line on a terminal and types what the steps say. @returns all that was on the screen */
const onTerminal = (line: string, steps: readonly Step[]): Promise<string> =>
  new Promise((resolve, reject) => {
    if (!existsSync(SCRIPT)) throw new Error('`script` of util-linux is missing')
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: home,
      SNOOP_URL: server.url,
      TERM: 'xterm',
      SNOOP_CREDENTIAL_STORE: 'file',
    }
    const child = spawn(SCRIPT, ['-qec', `stty cols 100 rows 30; ${line}`, '/dev/null'], { env })
    onTestFinished(() => void child.kill('SIGKILL'))
    const rest = [...steps]
    let screen = ''
    let from = 0
    child.stdout.setEncoding('utf8').on('data', text => {
      screen += text
      const step = rest[0]
      if (step === undefined || !holdsInTurn(screen.slice(from), step.see)) return
      rest.shift()
      from = screen.length
      child.stdin.write(typeof step.type === 'string' ? step.type : step.type(screen))
    })
    child.on('error', reject)
    child.on('close', () => resolve(screen))
  })

const snoop = (args: string): string => `'${process.execPath}' '${PROGRAM}' ${args}`
const AFTERWARDS = "; echo code=$?; stty -a | grep -q ' echo ' && echo terminal-restored"

test('a person signs in at a terminal, and the password is never on the screen', async () => {
  const screen = await onTerminal(`${snoop('login')}${AFTERWARDS}`, [
    { see: 'E-mail address', type: `${account.email}\r` },
    { see: 'Password', type: `${account.password}\r` },
  ])
  expect(screen).toContain('Signed in to')
  expect(screen).toContain('code=0')
  expect(screen).toContain('terminal-restored')
  expect(screen).not.toContain(account.password)
})

test('Ctrl-C at a question ends with 130 and gives the terminal back', async () => {
  const screen = await onTerminal(`${snoop('signup')}${AFTERWARDS}`, [
    { see: 'Your name', type: 'Ada\r' },
    { see: 'E-mail address', type: '\u0003' },
  ])
  expect(screen).toContain('code=130')
  expect(screen).toContain('terminal-restored')
  expect(screen).toContain('\u001b[?25h')
})

test('a key is made by answering, kept, and not shown', async () => {
  const screen = await onTerminal(snoop('keys create'), [
    { see: 'What is the key for?', type: '\r' },
    { see: 'What may it do?', type: '\r' },
    { see: 'Where to?', type: '\r' },
  ])
  expect(screen).toContain('is in a file that only you can read')
  expect(screen).not.toMatch(/ba_\w{20}/)
})

/** The squares of the QR code on the screen, without its frame: 1 for dark. */
const squaresOn = (screen: string): number[] => {
  const lines = screen
    .split(/\r?\n/)
    .flatMap(line => (line.startsWith(BLACK_ON_WHITE) ? [line.slice(BLACK_ON_WHITE.length)] : []))
    .map(line => [...line.slice(0, line.indexOf('\u001b'))])
  const half = (dark: string) => (line: string[]) => line.map(character => (dark.includes(character) ? 1 : 0))
  const rows = lines.flatMap(line => [half('█▀')(line), half('█▄')(line)])
  const size = (rows[0]?.length ?? 0) - 4
  return rows.slice(2, size + 2).flatMap(row => row.slice(2, size + 2))
}

const BLACK_ON_WHITE = '\u001b[38;5;16;48;5;231m'
const groupsOn = (screen: string): string => /(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(screen)?.[0] ?? ''

/** As the server writes it: what the picture must say. */
const uriOf = (secret: string): string =>
  `otpauth://totp/127.0.0.1:${encodeURIComponent(account.email)}?issuer=127.0.0.1&secret=${secret}&algorithm=SHA1&digits=6&period=30`

test('a second factor is set up by a picture, and asked for at the next sign-in', async () => {
  let secret = ''
  const screen = await onTerminal(`${snoop('2fa enable')}${AFTERWARDS}`, [
    { see: 'Code that the app shows now', type: '000000\r' },
    {
      see: ['This code is wrong', 'Code that the app shows now'],
      type: shown => {
        secret = groupsOn(shown).replaceAll(' ', '')
        return `${totpCode(secret)}\r`
      },
    },
  ])
  expect(screen).toContain('This code is wrong')
  expect(screen).toContain('The second factor is on.')
  expect(screen).toContain('code=0')
  expect(squaresOn(screen)).toEqual(
    [...create(uriOf(secret), { errorCorrectionLevel: 'L' }).modules.data].map(Number),
  )
  const [backupCode = ''] = /[0-9a-z]{5}-[0-9a-z]{5}/.exec(screen) ?? []

  const login = `${snoop(`login --email ${account.email}`)}${AFTERWARDS}`
  const password = { see: 'Password', type: `${account.password}\r` }
  const stopped = await onTerminal(login, [password, { see: 'authenticator', type: '\u0003' }])
  expect(stopped).toContain('code=130')
  expect(stopped).toContain('terminal-restored')
  const backup = await onTerminal(login, [
    password,
    { see: 'authenticator', type: '\r' },
    { see: 'Which way?', type: '\r' },
    { see: 'Backup code', type: `${backupCode}\r` },
  ])
  expect(backup).toContain('code=0')
  const code = await onTerminal(login, [password, { see: 'authenticator', type: `${totpCode(secret, 1)}\r` }])
  expect(code).toContain('Signed in to')
  await onTerminal(snoop('2fa disable --yes'), [])
})

test('a stale session is proved again, and the command goes on', async () => {
  server.ageSessions(3_600_000)
  const screen = await onTerminal(`${snoop('email change ada@example.org')}${AFTERWARDS}`, [
    { see: 'prove again that it is you', type: 'wrong passphrase\r' },
    { see: ['This password is wrong', 'prove again that it is you'], type: `${account.password}\r` },
  ])
  expect(screen).toContain('This password is wrong.')
  expect(screen).toContain('A mail is on its way to ada@example.org.')
  expect(screen).toContain('code=0')
  expect(screen).not.toContain(account.password)
})

test('colour is there on a terminal, and gone with NO_COLOR, questions included', async () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  const sgr = /\u001b\[3[0-9]m/
  const steps = [{ see: 'Revoke', type: 'n' }]
  const name = (await onTerminal(snoop('keys list -q'), [])).trim()
  expect(await onTerminal(snoop(`keys revoke ${name} --yes-lock-me-out`), steps)).toMatch(sgr)
  expect(await onTerminal(`NO_COLOR=1 ${snoop(`keys revoke ${name} --yes-lock-me-out`)}`, steps)).not.toMatch(
    sgr,
  )
})
