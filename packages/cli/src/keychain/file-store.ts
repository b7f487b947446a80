import { stat } from 'node:fs/promises'
import { CliError } from '../cli-error'
import { withFileLock } from '../config/file-lock'
import { readJsonFile, writeJsonFile } from '../config/private-file'
import { EXIT } from '../exit-codes'
import type { OpenCredentialStore } from './credential-store'

type Secrets = Readonly<Record<string, string>>

const OTHERS = 0o077

const isSecrets = (value: unknown): value is Secrets =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every(secret => typeof secret === 'string')

const refuseIfOthersCanRead = async (path: string, platform: NodeJS.Platform): Promise<void> => {
  if (platform === 'win32') return
  const mode = (await stat(path).catch(() => undefined))?.mode ?? 0
  if ((mode & OTHERS) === 0) return
  throw new CliError(`Others can read the credentials in ${path}.`, {
    code: 'config.exposed',
    exit: EXIT.BAD_CONFIG,
    hint: `Close it:  chmod 600 '${path}'\nThen replace what was in it:  snoop keys rotate, snoop login`,
  })
}

const itemName = (service: string, account: string): string => `${service}/${account}`

/**
 * Secrets in a JSON file that only its owner can read: for machines without a keychain, when a person chose it.
 * Writes are whole or not at all, one process at a time.
 */
export const fileStore = (path: string, platform: NodeJS.Platform): OpenCredentialStore => {
  const read = async (): Promise<Secrets> => {
    await refuseIfOthersCanRead(path, platform)
    return (await readJsonFile(path, isSecrets)) ?? {}
  }
  const change = <T>(decide: (secrets: Secrets) => { next: Secrets; result: T }): Promise<T> =>
    withFileLock(`${path}.lock`, async () => {
      const { next, result } = decide(await read())
      await writeJsonFile(path, next)
      return result
    })
  return {
    async getPassword(service, account) {
      return (await read())[itemName(service, account)] ?? null
    },
    setPassword: (service, account, password) =>
      change(secrets => ({
        next: { ...secrets, [itemName(service, account)]: password },
        result: undefined,
      })),
    deletePassword: (service, account) =>
      change(secrets => {
        const { [itemName(service, account)]: removed, ...next } = secrets
        return { next, result: removed !== undefined }
      }),
    close() {},
  }
}
