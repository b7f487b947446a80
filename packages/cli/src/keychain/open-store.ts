import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StoreKind } from '../config/config-file'
import { brokerKeychain } from './broker-keychain'
import type { OpenCredentialStore } from './credential-store'
import { fileStore } from './file-store'
import { classifyKeychainError, type KeychainPlace } from './keychain-failure'
import { systemKeychain } from './system-keychain'

const DEADLINE_MS = 3000
/** A person may have to find the window and type a password. */
const DEADLINE_WITH_A_PERSON_MS = 60_000

export interface StoreSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly stateDirectory: string
  /** A person sits at the terminal. */
  readonly isInteractive: boolean
  readonly signal: AbortSignal
  readonly onWaiting: () => void
}

/** Outside Linux the calls are quick, and a prompt belongs to the system and its user. */
const inProcessKeychain = (): OpenCredentialStore => {
  const keychain = systemKeychain()
  const guard = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw classifyKeychainError(error instanceof Error ? error.message : String(error))
    }
  }
  return {
    getPassword: (service, account) => guard(keychain.getPassword(service, account)),
    setPassword: (service, account, password) => guard(keychain.setPassword(service, account, password)),
    deletePassword: (service, account) => guard(keychain.deletePassword(service, account)),
    close() {},
  }
}

/** Opens the store of that kind. Nothing is started or read before its first use. */
export const openStore = (kind: StoreKind, around: StoreSurroundings): OpenCredentialStore => {
  if (kind === 'file') return fileStore(join(around.stateDirectory, 'credentials.json'), around.platform)
  if (around.platform !== 'linux') return inProcessKeychain()
  const hasDesktop = Boolean(around.env.DISPLAY || around.env.WAYLAND_DISPLAY)
  return brokerKeychain({
    script: fileURLToPath(new URL('./keychain-process.js', import.meta.url)),
    env: around.env,
    deadlineMs: around.isInteractive && hasDesktop ? DEADLINE_WITH_A_PERSON_MS : DEADLINE_MS,
    signal: around.signal,
    onWaiting: around.onWaiting,
  })
}

const mentionsMicrosoft = (path: string): boolean => {
  try {
    return /microsoft/i.test(readFileSync(path, 'utf8'))
  } catch {
    return false
  }
}

/** Looks around for the reason why there may be no keychain. */
export const findKeychainPlace = ({
  env,
  platform,
}: Pick<StoreSurroundings, 'env' | 'platform'>): KeychainPlace => ({
  env,
  platform,
  isContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
  isWsl: platform === 'linux' && mentionsMicrosoft('/proc/version'),
})
