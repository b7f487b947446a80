import { suggestName } from './closest-name'
import type { FoundValue, FoundValues } from './found-values'
import type { Setting } from './setting'
import { CONFIG_FILE, listSettings, type SettingName } from './settings'

/** Variables of Snoop's other programs, which may share the server's environment. */
const OTHER_VARIABLES = [
  'SNOOP_API_KEY',
  'SNOOP_API_KEY_FILE',
  'SNOOP_URL',
  'SNOOP_PROFILE',
  'SNOOP_ORG',
  'SNOOP_CREDENTIAL_STORE',
  'SNOOP_REQUIRE_ALL_PARTS',
]

const settings = listSettings()
const knownNames: readonly string[] = [
  ...settings.map(([, { env }]) => env),
  CONFIG_FILE.env,
  ...OTHER_VARIABLES,
]

/**
 * Kubernetes gives every container such variables for a Service that is named `snoop`, among them `SNOOP_PORT` with a
 * URL. Source: Kubernetes, "Environment variables" of Services.
 */
const isServiceLink = (name: string, value: string): boolean =>
  /^SNOOP_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)$/.test(name) ||
  (name === 'SNOOP_PORT' && /^(tcp|udp|sctp):\/\//.test(value))

const readOther = (
  { otherEnv }: Setting,
  env: Readonly<Record<string, string | undefined>>,
): FoundValue | undefined => {
  if (!otherEnv) return undefined
  const { name, schema, example } = otherEnv
  const raw = env[name]
  if (raw === undefined || raw.trim() === '') return undefined
  return { raw, place: name, example: `${name}='${example}'`, schema }
}

/** An empty variable counts as not set. */
export const readEnvironment = (env: Readonly<Record<string, string | undefined>>): FoundValues => {
  const given = new Map(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith('SNOOP_') && value !== undefined && value.trim() !== '' && !isServiceLink(name, value)
        ? [[name, value] as const]
        : [],
    ),
  )
  const values = new Map<SettingName, FoundValue>()
  for (const [name, setting] of settings) {
    const raw = given.get(setting.env)
    const found =
      raw === undefined
        ? readOther(setting, env)
        : { raw, place: setting.env, example: `${setting.env}='${setting.example}'` }
    if (found) values.set(name, found)
  }
  const problems = [...given.keys()]
    .filter(name => !knownNames.includes(name))
    .map(name => `${name} in the environment is not known${suggestName(name, knownNames)}`)
  const configFile = given.get(CONFIG_FILE.env)
  return { values, problems, ...(configFile === undefined ? {} : { configFile }) }
}
