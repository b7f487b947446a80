import { usageError } from '../cli-error'
import type { GlobalOptions } from '../command-tree/global-options'
import { type Config, type DefaultOrganization, STORE_KINDS, type StoreKind } from './config-file'
import { parseOrigin } from './origin'

/** A value and where it came from: a flag, a variable, the config file, or nowhere. */
export interface Setting<T> {
  readonly value: T
  readonly source: string
}

/** What applies to this run: flag, then environment, then config file, then default. */
export interface Settings {
  readonly profile: Setting<string>
  readonly origin: Setting<string>
  readonly store: Setting<StoreKind>
  /** As given: id or slug. The remembered one is an id. */
  readonly org: Setting<string> | undefined
  /** Set if `org` is the remembered one. */
  readonly rememberedOrg: DefaultOrganization | undefined
}

const DEFAULT_ORIGIN = 'http://127.0.0.1:4000'
const DEFAULT_PROFILE = 'default'
const PROFILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

const FROM_CONFIG = 'config'
const FROM_DEFAULT = 'default'

/** The first value that is there; blank ones count as not there. */
const firstGiven = (
  ...candidates: readonly (readonly [source: string, value: string | undefined])[]
): Setting<string> | undefined => {
  for (const [source, value] of candidates) {
    const trimmed = value?.trim()
    if (trimmed) return { value: trimmed, source }
  }
  return undefined
}

const checkProfile = (profile: Setting<string>): Setting<string> => {
  if (PROFILE_NAME.test(profile.value)) return profile
  throw usageError(
    `A profile is named by 1 to 64 letters, digits, dots, hyphens and underscores, a letter or digit first (${profile.source}).`,
  )
}

const checkStore = ({ value, source }: Setting<string>): Setting<StoreKind> => {
  const kind = STORE_KINDS.find(known => known === value)
  if (kind !== undefined) return { value: kind, source }
  throw usageError(`The credential store is \`keychain\` or \`file\` (${source}).`)
}

/** @throws CliError (exit 2) if a value makes no sense */
export const resolveSettings = (
  flags: Pick<GlobalOptions, 'url' | 'profile' | 'org' | 'store'>,
  env: Readonly<Record<string, string | undefined>>,
  config: Config,
): Settings => {
  const profile = checkProfile(
    firstGiven(['--profile', flags.profile], ['SNOOP_PROFILE', env.SNOOP_PROFILE]) ?? {
      value: DEFAULT_PROFILE,
      source: FROM_DEFAULT,
    },
  )
  const profiles = config.profiles ?? {}
  const remembered = Object.hasOwn(profiles, profile.value) ? profiles[profile.value] : undefined
  const url = firstGiven(
    ['--url', flags.url],
    ['SNOOP_URL', env.SNOOP_URL],
    [FROM_CONFIG, remembered?.url],
  ) ?? {
    value: DEFAULT_ORIGIN,
    source: FROM_DEFAULT,
  }
  const origin = { value: parseOrigin(url.value, url.source), source: url.source }
  const store = checkStore(
    firstGiven(
      ['--store', flags.store],
      ['SNOOP_CREDENTIAL_STORE', env.SNOOP_CREDENTIAL_STORE],
      [FROM_CONFIG, remembered?.store],
    ) ?? { value: 'keychain', source: FROM_DEFAULT },
  )
  const given = firstGiven(['--org', flags.org], ['SNOOP_ORG', env.SNOOP_ORG])
  const rememberedOrg =
    given === undefined && remembered?.org?.origin === origin.value ? remembered.org : undefined
  const org = given ?? (rememberedOrg && { value: rememberedOrg.id, source: FROM_CONFIG })
  return { profile, origin, store, org, rememberedOrg }
}
