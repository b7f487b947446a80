import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const PARTS = ['dbus-daemon', 'gnome-keyring-daemon', 'secret-tool']

const isThere = (program: string): boolean => {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/**
 * Whether a real keyring can be started here.
 * @throws Error if it cannot, and SNOOP_REQUIRE_ALL_PARTS=1 says that it must
 */
export const hasKeyring = (): boolean => {
  const missing = PARTS.filter(program => !isThere(program))
  if (missing.length === 0) return true
  const message = `KEYCHAIN TESTS LEFT OUT: ${missing.join(', ')} is missing (apt-get install gnome-keyring libsecret-tools dbus)`
  if (process.env.SNOOP_REQUIRE_ALL_PARTS === '1') throw new Error(message)
  process.stderr.write(`\n${message}\n`)
  return false
}

/** A desktop session as far as a keychain needs one: a bus and gnome-keyring, in a home of their own. */
export interface Keyring {
  /** What a program needs to find it. */
  readonly env: Readonly<Record<string, string>>
  /** The secret of an item, read by the keyring's own tool; undefined if there is none. */
  lookUp(account: string): string | undefined
  /** Lets the keyring hang: it keeps its connections and answers nothing. */
  freeze(): void
  thaw(): void
  /** Starts it again with a wrong password: the keyring stays locked, and there is nobody to ask. */
  restartLocked(): Promise<void>
  stop(): Promise<void>
}

const startBus = async (env: Record<string, string>): Promise<{ bus: ChildProcess; address: string }> => {
  const args = ['--session', '--nofork', '--nopidfile', '--print-address=1']
  const bus = spawn('dbus-daemon', args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const line of createInterface({ input: bus.stdout! })) return { bus, address: line.trim() }
  throw new Error('dbus-daemon ended before it was ready')
}

const isOnBus = (env: Readonly<Record<string, string>>): boolean => {
  const args = [
    '--session',
    '--dest=org.freedesktop.DBus',
    '--print-reply',
    '/',
    'org.freedesktop.DBus.NameHasOwner',
  ]
  try {
    return execFileSync('dbus-send', [...args, 'string:org.freedesktop.secrets'], {
      env,
      encoding: 'utf8',
    }).includes('true')
  } catch {
    return false
  }
}

const startDaemon = async (
  env: Readonly<Record<string, string>>,
  password: string,
): Promise<ChildProcess> => {
  const args = ['--foreground', '--unlock', '--components=secrets']
  const daemon = spawn('gnome-keyring-daemon', args, { env, stdio: ['pipe', 'ignore', 'ignore'] })
  daemon.stdin?.end(password)
  for (let tries = 0; tries < 200; tries++) {
    if (isOnBus(env)) return daemon
    await sleep(25)
  }
  throw new Error('gnome-keyring-daemon did not come up')
}

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGCONT')
  child.kill('SIGKILL')
  await ended
}

export const startKeyring = async (home: string): Promise<Keyring> => {
  const runtime = join(home, 'run')
  mkdirSync(runtime, { mode: 0o700 })
  const base = { PATH: process.env.PATH ?? '', HOME: home, XDG_RUNTIME_DIR: runtime, LANG: 'C.UTF-8' }
  const { bus, address } = await startBus(base)
  const env = { ...base, DBUS_SESSION_BUS_ADDRESS: address }
  let daemon = await startDaemon(env, 'right')
  return {
    env,
    lookUp(account) {
      try {
        return execFileSync('secret-tool', ['lookup', 'service', 'snoop', 'username', account], {
          env,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        })
      } catch {
        return undefined
      }
    },
    freeze: () => void daemon.kill('SIGSTOP'),
    thaw: () => void daemon.kill('SIGCONT'),
    async restartLocked() {
      await end(daemon)
      daemon = await startDaemon(env, 'wrong')
    },
    async stop() {
      await end(daemon)
      await end(bus)
    },
  }
}
