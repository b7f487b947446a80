import { CliError, usageError } from '../cli-error'
import type { loginSpec } from '../command-tree/sign-in'
import { updateProfile } from '../config/config-file'
import type { CommandContext } from '../context'
import { prepareStore, storeName } from '../credentials/prepare-store'
import { currentAccount, keepSession } from '../credentials/session'
import type { CommandInput, Run } from '../define-command'
import { EXIT } from '../exit-codes'
import { endSession } from '../http/end-session'
import type { SignIn } from '../http/sign-in'
import { readSecretLines } from '../prompts/read-secret-lines'
import { signInByMagicLink, signInByPassword } from './login/first-factor'
import { proveSecondFactor } from './login/second-factor'

type Options = CommandInput<typeof loginSpec>['options']

/** What stdin gives. */
interface GivenSecrets {
  readonly password?: string | undefined
  readonly token?: string | undefined
  readonly code?: string | undefined
}

const readGiven = async (context: CommandContext, options: Options): Promise<GivenSecrets> => {
  const { passwordStdin, tokenStdin, magicLink } = options
  if (passwordStdin && (tokenStdin || magicLink)) {
    throw usageError('--password-stdin goes with a password, not with a link.')
  }
  const code = 'the code of the second factor'
  if (passwordStdin) {
    const lines = { flag: '--password-stdin', names: ['the password', code], needed: 1 }
    const [password, second] = await readSecretLines(context, lines)
    return { password, code: second }
  }
  if (tokenStdin) {
    const lines = { flag: '--token-stdin', names: ['the link or its token', code], needed: 1 }
    const [token, second] = await readSecretLines(context, lines)
    return { token, code: second }
  }
  return {}
}

/** A key of somebody else would go on being used after the sign-in. */
const refuseOtherUser = async (context: CommandContext, { user, jar }: SignIn): Promise<void> => {
  const account = await currentAccount(context)
  if (account.key === null || account.user === null || account.user.id === user.id) return
  await endSession(context, jar)
  throw new CliError(`This profile uses a key of ${account.user.email}.`, {
    code: 'profile.other_user',
    exit: EXIT.REFUSED,
    hint: 'Use another profile:  snoop login --profile <name>\nOr leave that account first:  snoop logout',
  })
}

const rememberServer = async (context: CommandContext): Promise<void> => {
  const { profile, origin } = await context.settings()
  if (origin.source === 'config' || origin.source === 'default') return
  await updateProfile(context.directories.config, profile.value, current => ({
    ...current,
    url: origin.value,
  }))
}

/** A session that cannot be kept is ended: nobody could use it. */
const keepOrEnd = async (context: CommandContext, { user, session, jar }: SignIn): Promise<void> => {
  const { id, email, fullName } = user
  try {
    await keepSession(context, jar, { user: { id, email, fullName }, session })
  } catch (error) {
    await endSession(context, jar)
    throw error
  }
}

interface Cookies {
  /** What goes along with the sign-in. */
  readonly jar: string
  /** A session that did not go along and is to be ended once the new one is kept. */
  readonly toEnd: string | null
}

/**
 * The server knows this machine by the device's cookie, and ends the session whose cookie comes along. That of a
 * profile with a key stays behind: the sign-in may turn out to be somebody else's, who is refused.
 */
const readCookies = async (context: CommandContext): Promise<Cookies> => {
  const { joinJars } = await import('../credentials/session-jar')
  const vault = await context.vault()
  const [former, device] = [await vault.read('session'), await vault.read('device')]
  return (await currentAccount(context)).key === null
    ? { jar: joinJars(former, device), toEnd: null }
    : { jar: joinJars(device), toEnd: former }
}

const signIn = async (context: CommandContext, options: Options, given: GivenSecrets): Promise<SignIn> => {
  const { jar, toEnd } = await readCookies(context)
  const keep = async (signedIn: SignIn): Promise<void> => {
    await refuseOtherUser(context, signedIn)
    await keepOrEnd(context, signedIn)
    if (toEnd !== null) await endSession(context, toEnd)
  }
  const factor = { email: options.email, jar, keep }
  const first =
    options.magicLink || options.tokenStdin
      ? await signInByMagicLink(context, factor, given.token)
      : await signInByPassword(context, factor, given.password)
  if ('user' in first) return first
  const trustDevice = options.trustDevice === true
  return proveSecondFactor(context, first, { trustDevice, code: given.code }, keep)
}

export const run: Run<typeof loginSpec> = async (context, { options }) => {
  const given = await readGiven(context, options)
  await prepareStore(context)
  const { user, session } = await signIn(context, options, given)
  await rememberServer(context)

  const { origin, profile, store } = await context.settings()
  await context.output.done(`Signed in to ${origin.value} as ${user.fullName} (${user.email}).`, user.email, {
    profile: profile.value,
    url: origin.value,
    store: store.value,
    user,
    session,
  })
  context.output.note(
    `  Kept in ${storeName(store.value)}, profile ${profile.value}. Who am I?  snoop whoami`,
  )
  if (context.around.env.SNOOP_API_KEY || context.around.env.SNOOP_API_KEY_FILE) {
    context.output.warn(
      'SNOOP_API_KEY or SNOOP_API_KEY_FILE is set: commands use that key, not this session.',
    )
  }
  return EXIT.OK
}
