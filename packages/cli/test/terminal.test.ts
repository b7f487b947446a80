import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { PROGRAM } from './kit/run-snoop'
import { type Account, type Server, startServer } from './kit/start-server'
import { createHome } from './kit/temporary-home'

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
  /** Waits until this is on the screen. */
  readonly see: string
  readonly type: string
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
      if (step === undefined || !screen.slice(from).includes(step.see)) return
      rest.shift()
      from = screen.length
      child.stdin.write(step.type)
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
