import { join } from 'node:path'
import { withFileLock } from './file-lock'
import { makePrivateDirectory, readJsonFile } from './private-file'

export const STORE_KINDS = ['keychain', 'file'] as const
/** Where credentials are kept. */
export type StoreKind = (typeof STORE_KINDS)[number]

export interface DefaultOrganization {
  readonly id: string
  readonly slug: string
  /** The choice counts for this server alone. */
  readonly origin: string
}

/** What is remembered for a profile. */
export interface ProfileConfig {
  readonly url?: string
  readonly store?: StoreKind
  readonly org?: DefaultOrganization
}

export interface Config {
  readonly profiles?: Readonly<Record<string, ProfileConfig>>
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isOptionalText = (value: unknown): boolean => value === undefined || typeof value === 'string'

const isOrganization = (value: unknown): boolean =>
  isRecord(value) && [value.id, value.slug, value.origin].every(part => typeof part === 'string')

const isProfile = (value: unknown): boolean =>
  isRecord(value) &&
  isOptionalText(value.url) &&
  (value.store === undefined || STORE_KINDS.some(kind => kind === value.store)) &&
  (value.org === undefined || isOrganization(value.org))

const isConfig = (value: unknown): value is Config =>
  isRecord(value) &&
  (value.profiles === undefined ||
    (isRecord(value.profiles) && Object.values(value.profiles).every(isProfile)))

export const configPath = (directory: string): string => join(directory, 'config.json')

/**
 * Reads without a library: every command does this, and conf costs as much as the rest of the start.
 * @throws CliError (exit 12) if the file is damaged
 */
export const readConfig = async (directory: string): Promise<Config> =>
  (await readJsonFile(configPath(directory), isConfig)) ?? {}

/**
 * Changes what is remembered for one profile; the other profiles stay as they are.
 * @throws CliError (exit 12) if the file is damaged: it is not overwritten
 */
export const updateProfile = async (
  directory: string,
  profile: string,
  change: (current: ProfileConfig) => ProfileConfig,
): Promise<void> => {
  await makePrivateDirectory(directory)
  const { default: Conf } = await import('conf')
  await withFileLock(`${configPath(directory)}.lock`, async () => {
    const { profiles } = await readConfig(directory)
    const conf = new Conf<Record<string, unknown>>({
      cwd: directory,
      projectSuffix: '',
      configFileMode: 0o600,
      accessPropertiesByDotNotation: false,
      clearInvalidConfig: false,
      serialize: value => `${JSON.stringify(value, null, 2)}\n`,
    })
    conf.set('profiles', { ...profiles, [profile]: change(profiles?.[profile] ?? {}) })
  })
}
