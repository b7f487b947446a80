import { resolve } from 'node:path'
import type { Config } from './config'
import { ConfigError } from './config-error'
import type { FoundValue, FoundValues } from './found-values'
import { isLoopbackHost } from './loopback-host'
import { readCommandLine } from './read-command-line'
import { readConfigFile } from './read-config-file'
import { readEnvironment } from './read-environment'
import type { Setting } from './setting'
import { DEFAULT_RATE_LIMITS, listSettings, SETTINGS, type SettingName, type SettingValues } from './settings'

export interface ConfigSources {
  /** The command line after the program's name. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Reads a UTF-8 text file, or throws. */
  readonly readFile: (path: string) => string
  /** Relative paths start here. */
  readonly cwd: string
}

/** SQLite's name for a database that ends with the process. */
const IN_MEMORY = ':memory:'

const NOTHING_FOUND: FoundValues = { values: new Map(), problems: [] }

/** From the strongest to the weakest. */
const readSources = ({ argv, env, readFile, cwd }: ConfigSources): FoundValues[] => {
  const commandLine = readCommandLine(argv)
  const environment = readEnvironment(env)
  const path = commandLine.configFile ?? environment.configFile
  const file = path === undefined ? NOTHING_FOUND : readConfigFile(resolve(cwd, path), readFile)
  return [commandLine, environment, file]
}

/** The value for an error's text; a user and password in a URL are left out. */
const showValue = (raw: unknown): string => (JSON.stringify(raw) ?? '').replace(/:\/\/[^/\s"]*@/g, '://***@')

const describeProblem = (name: SettingName, setting: Setting, found: FoundValue, mustBe: string): string => {
  const shown = setting.secret ? '' : ` ${showValue(found.raw)}`
  return `${name}: the value${shown} of ${found.place} must be ${mustBe}. Example: ${found.example}`
}

/** Reads one setting; a problem with it is added to `problems`. */
const readSetting = (name: SettingName, sources: readonly FoundValues[], problems: string[]): unknown => {
  const setting: Setting = SETTINGS[name]
  const found = sources.flatMap(source => source.values.get(name) ?? [])
  const counted = setting.layered ? found : found.slice(0, 1)
  const values = counted.map(value => {
    const parsed = (value.schema ?? setting.schema).safeParse(value.raw)
    if (parsed.success) return parsed.data
    const mustBe = parsed.error.issues[0]?.message ?? 'something else'
    problems.push(describeProblem(name, setting, value, mustBe))
    return undefined
  })
  if (values.length === 0)
    return setting.default === undefined ? undefined : setting.schema.parse(setting.default)
  return setting.layered ? Object.assign({}, ...values.reverse()) : values[0]
}

/** What no setting can tell alone. A value that is wrong in itself counts as given. */
const findContradictions = (host: string | undefined, isGiven: (name: SettingName) => boolean): string[] => {
  const example = (name: SettingName) => `Example: --${SETTINGS[name].flag} '${SETTINGS[name].example}'`
  const problems: string[] = []
  for (const [one, other] of [['tlsCert', 'tlsKey'] as const, ['tlsKey', 'tlsCert'] as const]) {
    if (isGiven(one) && !isGiven(other))
      problems.push(`${other}: is missing, but ${one} is given: HTTPS needs both. ${example(other)}`)
  }
  if (host !== undefined && !isLoopbackHost(host) && !isGiven('origin'))
    problems.push(
      `origin: is missing, but host is ${host}: links in mails are built from the origin. ${example('origin')}`,
    )
  return problems
}

/** A browser takes passkeys only for its own host or one above it (WebAuthn Level 3, section 13.4.9). */
const findForeignPasskeyDomain = ({ origin, passkeyDomain }: SettingValues): string[] => {
  if (origin === undefined || passkeyDomain === undefined) return []
  const { hostname } = new URL(origin)
  if (hostname === passkeyDomain || hostname.endsWith(`.${passkeyDomain}`)) return []
  return [
    `passkeyDomain: ${passkeyDomain} is neither the host of the origin (${hostname}) nor a domain above it. Leave it out, or give one that is`,
  ]
}

const locateSqlite = (file: string, cwd: string): string => (file === IN_MEMORY ? file : resolve(cwd, file))

const toConfig = (
  { tlsCert, tlsKey, database, secretFile, chromium, resources, ...values }: SettingValues,
  cwd: string,
): Config => {
  const dataDir = resolve(cwd, values.dataDir)
  return {
    ...values,
    dataDir,
    secretFile: resolve(cwd, secretFile ?? resolve(dataDir, 'instance-secret')),
    database:
      database?.engine === 'postgres'
        ? database
        : { engine: 'sqlite', file: locateSqlite(database?.file ?? resolve(dataDir, 'snoop.db'), cwd) },
    tls:
      tlsCert === undefined || tlsKey === undefined
        ? undefined
        : { certFile: resolve(cwd, tlsCert), keyFile: resolve(cwd, tlsKey) },
    chromium: chromium === undefined ? undefined : resolve(cwd, chromium),
    resources: resources === undefined ? undefined : resolve(cwd, resources),
    rateLimits: { ...DEFAULT_RATE_LIMITS, ...values.rateLimits },
  }
}

/**
 * Reads the configuration: the command line wins over the environment, that over the file, that over the defaults.
 * @throws ConfigError naming every problem at once
 */
export const readConfig = (from: ConfigSources): Config => {
  const sources = readSources(from)
  const problems = sources.flatMap(source => source.problems)
  const values: Partial<Record<SettingName, unknown>> = {}
  for (const [name] of listSettings()) values[name] = readSetting(name, sources, problems)
  // Each value is what its own schema in the table gave.
  const read = values as SettingValues
  const isGiven = (name: SettingName) => sources.some(source => source.values.has(name))
  problems.push(...findContradictions(read.host, isGiven), ...findForeignPasskeyDomain(read))
  if (problems.length > 0) throw new ConfigError(problems)
  return toConfig(read, from.cwd)
}
