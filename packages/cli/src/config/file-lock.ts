import { randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError } from '../cli-error'
import { EXIT } from '../exit-codes'
import { makePrivateDirectory } from './private-file'

const DEFAULT_WAIT_MS = 10_000
const POLL_MS = 40

interface Holder {
  readonly pid: number
  /** Tells a process from a later one with the same number; null where the system does not say. */
  readonly startedAt: string | null
  readonly token: string
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** Field 22 of /proc/<pid>/stat, counted after the name, which may hold blanks. Linux only. */
const processStart = async (pid: number): Promise<string | null> => {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

const isAlive = async (holder: Holder): Promise<boolean> => {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return isCode(error, 'EPERM')
  }
  return holder.startedAt === null || holder.startedAt === (await processStart(holder.pid))
}

const parseHolder = (text: string): Holder | undefined => {
  try {
    const value = JSON.parse(text)
    return typeof value?.pid === 'number' && typeof value?.token === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

const readHolder = async (path: string): Promise<Holder | undefined> => {
  try {
    return parseHolder(await readFile(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** The lock appears with its content in one step, so that nobody ever reads half of it. */
const tryCreate = async (path: string, holder: Holder): Promise<boolean> => {
  const draft = `${path}.${holder.token}`
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Takes away the lock of a dead process. Only whoever holds the claim may, so that nobody takes away the lock that
 * another has put in its place meanwhile; a claim of a dead process is taken away in the same manner.
 * @returns false if another process is at it
 */
const removeStale = async (path: string, stale: Holder, holder: Holder): Promise<boolean> => {
  const claim = `${path}.claim`
  if (!(await tryCreate(claim, holder))) {
    const claimant = await readHolder(claim)
    return claimant !== undefined && !(await isAlive(claimant)) && removeStale(claim, claimant, holder)
  }
  try {
    if ((await readHolder(path))?.token === stale.token) await rm(path, { force: true })
    return true
  } finally {
    await rm(claim, { force: true })
  }
}

const busy = (path: string): CliError =>
  new CliError('Another snoop is at work on the same file.', {
    code: 'busy',
    exit: EXIT.REFUSED,
    hint: `Try again. If no other snoop is running:  rm '${path}'`,
  })

const acquire = async (path: string, waitMs: number): Promise<Holder> => {
  await makePrivateDirectory(dirname(path))
  const holder = { pid: process.pid, startedAt: await processStart(process.pid), token: randomUUID() }
  const giveUpAt = performance.now() + waitMs
  while (!(await tryCreate(path, holder))) {
    const other = await readHolder(path)
    const isStale = other !== undefined && !(await isAlive(other))
    if (isStale && (await removeStale(path, other, holder))) continue
    if (performance.now() > giveUpAt) throw busy(path)
    await sleep(POLL_MS)
  }
  return holder
}

/**
 * Does `work` while no other process holds the lock. The lock of a process that died is taken over.
 * @throws CliError `busy` (exit 6) if another process keeps it for longer than `waitMs`
 */
export const withFileLock = async <T>(
  path: string,
  work: () => Promise<T>,
  waitMs: number = DEFAULT_WAIT_MS,
): Promise<T> => {
  const holder = await acquire(path, waitMs)
  try {
    return await work()
  } finally {
    if ((await readHolder(path))?.token === holder.token) await rm(path, { force: true })
  }
}
