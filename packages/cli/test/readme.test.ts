import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXIT } from '../src/exit-codes'
import { PROGRAM } from './kit/run-snoop'
import { type Server, startServer } from './kit/start-server'
import { createHome } from './kit/temporary-home'

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const { home, remove } = createHome()
let server: Server

beforeAll(async () => {
  server = await startServer()
  const { password } = await server.createAccount('ada')
  writeFileSync(join(home, 'password.txt'), `${password}\n`)
})
afterAll(async () => {
  await server.stop()
  remove()
})

// As many processes as the README has commands, one after the other.
test('every command of the README works, in its order', { timeout: 90_000 }, () => {
  const commands = [...README.matchAll(/^```sh\n(.*?)^```/gms)].map(([, lines]) => lines).join('')
  expect(commands.match(/^snoop /gm)?.length).toBeGreaterThan(15)
  const { status, stderr } = spawnSync(
    'bash',
    ['-euc', `snoop() { '${process.execPath}' '${PROGRAM}' "$@"; }\n${commands}`],
    {
      cwd: home,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH ?? '',
        HOME: home,
        SNOOP_URL: server.url,
        SNOOP_CREDENTIAL_STORE: 'file',
      },
    },
  )
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
})

test('the README names every exit code', () => {
  const named = [...README.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, codes = '']) =>
    codes.split(', ').map(Number),
  )
  expect(named).toEqual(Object.values(EXIT))
})
