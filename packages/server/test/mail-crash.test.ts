import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { spawnServer } from '../src/testing/spawn-server'
import { startMailServer } from '../src/testing/start-mail-server'

const account = { email: 'ada@example.com', password: 'a-long-secure-passphrase', name: 'Ada' }

describe('a server killed between its answer and the mail', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'snoop-mail-crash-'))
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

  const post = async (url: string, path: string, body: unknown) => {
    const response = await fetch(`${url}/api/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return response.status
  }

  test('sends every mail that it had promised, each once, after it starts again', async () => {
    // The mail server is away: nothing can have been sent before the kill.
    const away = await startMailServer()
    const args = ['--data-dir', dataDir, '--smtp-url', away.url]
    await away.stop()

    const first = await spawnServer(args)
    expect(await post(first.url, '/sign-up/email', account)).toBe(200)
    await first.end('SIGKILL')
    const second = await spawnServer(args)
    expect(await post(second.url, '/request-password-reset', { email: account.email })).toBe(200)
    expect(await post(second.url, '/sign-in/magic-link', { email: account.email })).toBe(200)
    await second.end('SIGKILL')

    const mailServer = await startMailServer(away.port)
    const third = await spawnServer(args)
    const links: string[] = []
    for (const subject of [/confirm/i, /password/i, /sign in/i]) {
      const mail = await mailServer.next(account.email, subject)
      links.push(/http\S+token=\S+/.exec(mail.text ?? '')?.[0] ?? '')
    }
    const [confirm = '', reset = ''] = links
    expect((await fetch(third.url + new URL(confirm).pathname + new URL(confirm).search)).status).toBe(200)
    const token = new URL(reset).searchParams.get('token')
    const newPassword = 'another-secure-passphrase'
    expect(await post(third.url, '/reset-password', { token, newPassword })).toBe(200)
    await mailServer.next(account.email, /password/i)
    // Whatever came after them is the notice of the reset: none of the three was sent again.
    expect(mailServer.received.filter(mail => mail.text?.includes('token='))).toHaveLength(3)
    expect(await third.end('SIGTERM')).toBe(0)
    expect(mailServer.received.filter(mail => mail.text?.includes('token='))).toHaveLength(3)
    await mailServer.stop()
    // A mail that was being sent at the kill waits until its sender is taken for dead.
  }, 90_000)
})
