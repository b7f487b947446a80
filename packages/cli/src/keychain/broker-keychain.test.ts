import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder'
import { brokerKeychain } from './broker-keychain'

const SECRET = 'ba_top_secret'

/** A keychain process that keeps secrets in memory, and tells how it was started. */
const WORKING = `
import { createInterface } from 'node:readline'
const items = new Map()
for await (const line of createInterface({ input: process.stdin })) {
  const { method, account, password } = JSON.parse(line)
  if (account === 'facts') {
    const facts = JSON.stringify({ argv: process.argv, execArgv: process.execArgv, env: process.env, pid: process.pid })
    process.stdout.write(JSON.stringify({ ok: true, value: facts }) + '\\n')
    continue
  }
  if (account === 'broken') { process.stdout.write('{"ok":false,"error":"unlock prompt was dismissed"}\\n'); continue }
  if (account === 'dies') process.exit(1)
  let value = null
  if (method === 'setPassword') items.set(account, password)
  if (method === 'getPassword') value = items.get(account) ?? null
  if (method === 'deletePassword') value = items.delete(account)
  process.stdout.write(JSON.stringify({ ok: true, value }) + '\\n')
}
`
/** Blocks its whole process, as the library does when the service hangs. */
const HUNG = 'process.stdin.once("data", () => { for (;;) {} })'

const open = async (program: string, deadlineMs = 10_000) => {
  const folder = await temporaryFolder()
  const script = join(folder, 'process.mjs')
  await writeFile(script, program)
  const stop = new AbortController()
  const env = { ...process.env, SNOOP_API_KEY: SECRET, NODE_OPTIONS: '--no-warnings', HOME: folder }
  const keychain = brokerKeychain({
    script,
    env,
    deadlineMs,
    signal: stop.signal,
    onWaiting: () => undefined,
  })
  onTestFinished(() => keychain.close())
  return { keychain, stop }
}

test('it keeps, gives and deletes secrets, several at once in order', async () => {
  const { keychain } = await open(WORKING)
  const [, first, removed, again] = await Promise.all([
    keychain.setPassword('snoop', 'a', SECRET),
    keychain.getPassword('snoop', 'a'),
    keychain.deletePassword('snoop', 'a'),
    keychain.getPassword('snoop', 'a'),
  ])
  expect([first, removed, again]).toEqual([SECRET, true, null])
})

test('no secret is in the arguments or the environment of the process', async () => {
  const { keychain } = await open(WORKING)
  await keychain.setPassword('snoop', 'a', SECRET)
  const facts = (await keychain.getPassword('snoop', 'facts')) ?? ''
  expect(facts).not.toContain(SECRET)
  expect(facts).not.toContain('NODE_OPTIONS')
  const { pid } = JSON.parse(facts)
  expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(SECRET)
  expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain(SECRET)
})

test('a failure has its reason', async () => {
  const { keychain } = await open(WORKING)
  await expect(keychain.getPassword('snoop', 'broken')).rejects.toMatchObject({ reason: 'locked' })
  expect(await keychain.getPassword('snoop', 'a')).toBeNull()
})

test('a process that hangs is killed at the deadline, and not waited for again', async () => {
  const { keychain } = await open(HUNG, 300)
  const startedMs = performance.now()
  await expect(keychain.getPassword('snoop', 'a')).rejects.toMatchObject({ reason: 'timeout' })
  await expect(keychain.getPassword('snoop', 'a')).rejects.toMatchObject({ reason: 'timeout' })
  expect(performance.now() - startedMs).toBeLessThan(2000)
})

test('a process that dies is a failure, not a silence', async () => {
  const { keychain } = await open(WORKING)
  await expect(keychain.getPassword('snoop', 'dies')).rejects.toMatchObject({ reason: 'unavailable' })
})

test('an answer that makes no sense is a failure, and not quoted', async () => {
  const { keychain } = await open(`process.stdin.once('data', () => process.stdout.write('${SECRET}\\n'))`)
  const failure = await keychain.getPassword('snoop', 'a').catch(String)
  expect(failure).toContain('KeychainFailure')
  expect(failure).not.toContain(SECRET)
})

test('being asked to stop ends the wait', async () => {
  const { keychain, stop } = await open(HUNG)
  const waiting = keychain.getPassword('snoop', 'a')
  stop.abort()
  await expect(waiting).rejects.toMatchObject({ reason: 'unavailable' })
})
