import type { statusSpec } from '../command-tree/sign-in'
import type { CommandContext } from '../context'
import {
  type CheckedCredential,
  type CredentialState,
  checkCredentials,
} from '../credentials/check-credentials'
import { currentAccount } from '../credentials/session'
import type { Run } from '../define-command'
import { EXIT, type ExitCode } from '../exit-codes'
import type { Field } from '../output/output'
import { relativeTime } from '../output/relative-time'

interface Status {
  readonly profile: string
  readonly profileSource: string
  readonly url: string
  readonly urlSource: string
  readonly store: string
  readonly storeSource: string
  readonly org: string | null
  readonly orgSource: string | null
  readonly user: string | null
  /** Of the credential that commands use first; `signed_out` without any. */
  readonly state: CredentialState | 'signed_out'
  readonly reason: string | null
  readonly retryAfter: number | null
  readonly credentials: readonly CheckedCredential[]
}

const readStatus = async (context: CommandContext): Promise<Status> => {
  const { profile, origin, store, org, rememberedOrg } = await context.settings()
  const { user } = await currentAccount(context)
  const credentials = await checkCredentials(context)
  const first = credentials[0]
  return {
    profile: profile.value,
    profileSource: profile.source,
    url: origin.value,
    urlSource: origin.source,
    store: store.value,
    storeSource: store.source,
    org: rememberedOrg?.slug ?? org?.value ?? null,
    orgSource: org?.source ?? null,
    user: first?.user ?? (first?.source.startsWith('SNOOP_') ? null : (user?.email ?? null)),
    state: first?.state ?? 'signed_out',
    reason: first?.reason ?? null,
    retryAfter: first?.retryAfter ?? null,
    credentials,
  }
}

const credentialText = (credential: CheckedCredential, nowMs: number): string => {
  const { kind, name, source, state, reason, expiresAt } = credential
  const end = expiresAt === null ? '' : `, expires ${relativeTime(expiresAt, nowMs)}`
  return `${kind}${name ? ` ${name}` : ''} from ${source}${end}: ${state}${reason ? ` (${reason})` : ''}`
}

const statusFields = (status: Status, nowMs: number): Field<Status>[] => {
  const sourced = (value: string | null, source: string | null): string =>
    value === null ? 'none' : `${value} (${source})`
  return [
    { label: 'state', value: s => s.state },
    { label: 'user', value: s => s.user ?? 'unknown' },
    { label: 'server', value: s => s.url, human: s => sourced(s.url, s.urlSource) },
    { label: 'profile', value: s => s.profile, human: s => sourced(s.profile, s.profileSource) },
    { label: 'org', value: s => s.org ?? '', human: s => sourced(s.org, s.orgSource) },
    { label: 'store', value: s => s.store, human: s => sourced(s.store, s.storeSource) },
    ...status.credentials.map((credential, index) => ({
      label: index === 0 ? 'uses' : 'also',
      value: () => credentialText(credential, nowMs),
    })),
  ]
}

const exitOf = ({ state, reason }: Status): ExitCode => {
  if (state === 'ok') return EXIT.OK
  if (state === 'unverified') return reason?.startsWith('keychain') ? EXIT.NO_KEYCHAIN : EXIT.UNREACHABLE
  return EXIT.SIGN_IN_NEEDED
}

/** What comes from the environment counts before any sign-in. */
const whatToDo = ({ credentials: [first] }: Status): string =>
  first?.source.startsWith('SNOOP_')
    ? `Check the key in ${first.source}, or unset it. Commands take a key of the format ba.`
    : 'Sign in:  snoop login'

export const run: Run<typeof statusSpec> = async context => {
  const status = await readStatus(context)
  await context.output.show(status, statusFields(status, context.around.now()))
  if (status.state === 'signed_out' || status.state === 'rejected')
    context.output.note(`  ${whatToDo(status)}`)
  return exitOf(status)
}
