import { CliError } from '../cli-error'
import type { loginSpec } from '../command-tree/account'
import { updateProfile } from '../config/config-file'
import type { CommandContext } from '../context'
import { prepareStore, storeName } from '../credentials/prepare-store'
import { currentAccount, keepSession } from '../credentials/session'
import type { Run } from '../define-command'
import { EXIT } from '../exit-codes'
import { endSession } from '../http/end-session'
import { type SignIn, signIn } from '../http/sign-in'
import { askPassword, askText } from '../prompts/ask'

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

/** The session before would live on without anybody holding it. */
const endFormerSession = async (context: CommandContext): Promise<void> => {
  if ((await currentAccount(context)).session === null) return
  const former = await (await context.vault()).read('session')
  if (former !== null) await endSession(context, former)
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

export const run: Run<typeof loginSpec> = async (context, { options }) => {
  await prepareStore(context)
  const email = await askText(context, options.email, { flag: '--email', message: 'E-mail address' })
  const password = await askPassword(context, { fromStdin: options.passwordStdin === true, isNew: false })
  const signedIn = await signIn(context, email, password)
  await refuseOtherUser(context, signedIn)
  await endFormerSession(context)
  await keepOrEnd(context, signedIn)
  await rememberServer(context)
  const { user, session } = signedIn

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
