import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { spawnProgram, spawnServer } from '../src/testing/spawn-server'

/** One try after the other, so that nothing happens twice. */
const untilRefused = async (url: string): Promise<void> => {
  const isOpen = () =>
    fetch(`${url}/health`).then(
      () => true,
      () => false,
    )
  while (await isOpen()) await new Promise(resolve => setTimeout(resolve, 10))
}

describe('the snoop-server program', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'snoop-program-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const fails = async (args: readonly string[], env: Record<string, string> = {}) => {
    const { output, ended } = spawnProgram(args, env)
    const code = await ended
    expect(output.stdout).toBe('')
    // A sentence for people, never a stack.
    expect(output.stderr).not.toMatch(/^\s+at /m)
    return { code, stderr: output.stderr }
  }

  test('says where it is, and keeps its files to itself', async () => {
    const dataDir = join(folder, 'fresh')
    const server = await spawnServer(['--data-dir', dataDir])
    expect(server.stdout()).toBe(`Snoop is ready at ${server.url}\n`)
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    for (const file of ['snoop.db', 'instance-secret']) {
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600)
    }
    expect(await server.end('SIGTERM')).toBe(0)
  })

  test('keeps its secret over a restart', async () => {
    const dataDir = join(folder, 'twice')
    const secrets: Buffer[] = []
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const server = await spawnServer(['--data-dir', dataDir])
      secrets.push(readFileSync(join(dataDir, 'instance-secret')))
      expect(await server.end(signal)).toBe(0)
    }
    expect(secrets[0]).toEqual(secrets[1])
  })

  test('lets a running request end before it stops, and takes no new one', async () => {
    const server = await spawnServer(['--data-dir', join(folder, 'drain')])
    const body = JSON.stringify({
      email: 'ada@example.com',
      password: 'a-long-secure-passphrase',
      name: 'Ada',
    })
    const answered = new Promise<number | undefined>((resolve, reject) => {
      const sending = request(`${server.url}/api/auth/sign-up/email`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': body.length,
          expect: '100-continue',
        },
      })
      sending.on('response', response => resolve(response.resume().statusCode)).on('error', reject)
      // `continue` says that the server has the head; the body follows only after the signal.
      sending.on('continue', () => {
        server.process.kill('SIGTERM')
        untilRefused(server.url).then(() => sending.end(body), reject)
      })
      sending.flushHeaders()
    })
    expect(await answered).toBe(200)
    expect(await server.ended).toBe(0)
  })

  test('names a port that is taken', async () => {
    const server = await spawnServer(['--data-dir', join(folder, 'first')])
    const { port } = new URL(server.url)
    const { code, stderr } = await fails(['--port', port, '--data-dir', join(folder, 'second')])
    expect(code).toBe(1)
    expect(stderr).toContain(port)
    expect(stderr).toContain('choose another --port')
    await server.end('SIGTERM')
  })

  test('names what is wrong with its configuration, all at once', async () => {
    const { code, stderr } = await fails(['--port', 'many', '--prot', '1'], { SNOOP_LOG_LEVEL: 'loud' })
    expect(code).toBe(2)
    for (const word of ['port', 'many', '--prot', 'SNOOP_LOG_LEVEL', 'loud']) expect(stderr).toContain(word)
    expect(existsSync('snoop-data')).toBe(false)
  })

  test('does not take another file for its database', async () => {
    const file = join(folder, 'letter.txt')
    writeFileSync(file, 'Dear Ada, this is no database. '.repeat(100))
    const { code, stderr } = await fails(['--data-dir', join(folder, 'odd'), '--database', `sqlite:${file}`])
    expect(code).toBe(1)
    expect(stderr).toContain(file)
    expect(readFileSync(file, 'utf8')).toMatch(/^Dear Ada/)
  })

  test('does not show the password of a database that it cannot reach', async () => {
    const url = 'postgres://snoop:hunter2hunter2@127.0.0.1:1/snoop'
    const { code, stderr } = await fails(['--data-dir', join(folder, 'away')], { SNOOP_DATABASE: url })
    expect(code).toBe(1)
    expect(stderr).toContain('127.0.0.1')
    expect(stderr).not.toContain('hunter2')
  })

  test('prints help and version', async () => {
    const help = spawnProgram(['--help'])
    expect(await help.ended).toBe(0)
    expect(help.output.stdout).toContain('--data-dir')
    const version = spawnProgram(['--version'])
    expect(await version.ended).toBe(0)
    expect(version.output.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
