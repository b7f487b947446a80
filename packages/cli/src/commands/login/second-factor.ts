import type { SecondFactor } from '@snoop/sdk'
import { CliError, usageError } from '../../cli-error'
import type { CommandContext } from '../../context'
import { withPublicClient } from '../../http/open-client'
import { finishSignIn, type KeepSignIn, type PendingSignIn, type SignIn } from '../../http/sign-in'
import { askUntilRight } from '../../prompts/ask-until-right'

interface Code {
  readonly kind: SecondFactor
  readonly text: string
}

/** What gives a one-time code; undefined where backup codes are all that is left. */
type CodeSource = 'totp' | 'email' | undefined

const ONE_TIME_CODE = /^\d{3} ?\d{3}$/
const BACKUP_CODE = /^[a-z0-9]{5}[\s\p{Pd}]?[a-z0-9]{5}$/iu

/** Told apart by their form. @returns undefined for what is no code that this sign-in takes */
const readCode = (source: CodeSource, typed: string): Code | undefined => {
  const text = typed.trim()
  if (BACKUP_CODE.test(text)) return { kind: 'backup-code', text }
  return source !== undefined && ONE_TIME_CODE.test(text) ? { kind: source, text } : undefined
}

const sourceOf = ({ challenge: { methods } }: PendingSignIn): CodeSource =>
  (['totp', 'email'] as const).find(method => methods.includes(method))

const QUESTIONS = {
  totp: 'Code from your authenticator app (empty for another way)',
  email: 'Code from the mail that was just sent (empty for another way)',
} as const

const askBackupCode = async (context: CommandContext): Promise<Code> => {
  const text = await (await context.prompts()).text({
    message: 'Backup code',
    validate: value => (readCode(undefined, value) ? undefined : 'A backup code looks like k7m2q-9xw4t'),
  })
  return { kind: 'backup-code', text: text.trim() }
}

/** Asked for too soon, the mail before is still good: the person may go on with it. */
const sendAnotherMail = async (context: CommandContext, sendMail: () => Promise<void>): Promise<void> => {
  try {
    await sendMail()
  } catch (error) {
    if (!(error instanceof CliError) || error.details.code !== 'RATE_LIMIT_ERROR') throw error
    context.output.warn(error.message)
  }
}

const askCode = async (
  context: CommandContext,
  source: CodeSource,
  sendMail: () => Promise<void>,
): Promise<Code> => {
  if (source === undefined) return askBackupCode(context)
  const prompts = await context.prompts()
  for (;;) {
    const typed = await prompts.text({
      message: QUESTIONS[source],
      validate: value =>
        value.trim() === '' || readCode(source, value) ? undefined : 'Six digits, or a backup code',
    })
    const code = readCode(source, typed)
    if (code !== undefined) return code
    const way = await prompts.select({
      message: 'Which way?',
      options: [
        { value: 'backup', label: 'Use a backup code' },
        ...(source === 'email' ? [{ value: 'mail', label: 'Send another mail' } as const] : []),
        { value: 'code', label: 'Type the code after all' },
      ],
    })
    if (way === 'backup') return askBackupCode(context)
    if (way === 'mail') await sendAnotherMail(context, sendMail)
  }
}

const verify = (
  context: CommandContext,
  pending: PendingSignIn,
  { kind, text: code }: Code,
  trustDevice: boolean,
  keep: KeepSignIn,
): Promise<SignIn> =>
  finishSignIn(
    context,
    pending,
    ({ client: { twoFactor }, call }) => {
      const proof = { code, challengeToken: pending.challenge.challengeToken, trustDevice }
      if (kind === 'backup-code') return twoFactor.verifyBackupCode(proof, call)
      return kind === 'totp' ? twoFactor.verifyTotp(proof, call) : twoFactor.verifyOtp(proof, call)
    },
    keep,
  )

/** The challenge is no link: there is nothing to ask for anew but the whole sign-in. */
const explainExpiry = (error: unknown): unknown =>
  error instanceof CliError && error.details.code === 'INVALID_TOKEN'
    ? new CliError(error.message, { ...error.details, hint: 'Sign in again:  snoop login' })
    : error

const CODE_ON_STDIN = 'Put it on the second line of stdin, with --password-stdin or --token-stdin.'
const NO_MAILED_CODE =
  'Its code is mailed only now: sign in once at a terminal with --trust-device,\nor put a backup code on the second line of stdin.'

const readGivenCode = (source: CodeSource, given: string | undefined): Code => {
  const code = given === undefined ? undefined : readCode(source, given)
  if (code !== undefined && code.kind !== 'email') return code
  throw usageError(
    given === undefined || code?.kind === 'email'
      ? 'This account asks for a second factor, and there is nobody to ask for its code.'
      : 'The second line of stdin is no code that this account takes.',
    source === 'email' ? NO_MAILED_CODE : CODE_ON_STDIN,
  )
}

/**
 * Goes on with a sign-in that asks for a second factor: by the code that stdin gave, or the person at the terminal.
 * @throws CliError: exit 2 if there is neither
 */
export const proveSecondFactor = async (
  context: CommandContext,
  pending: PendingSignIn,
  { trustDevice, code: given }: { readonly trustDevice: boolean; readonly code: string | undefined },
  keep: KeepSignIn,
): Promise<SignIn> => {
  const source = sourceOf(pending)
  const { challengeToken } = pending.challenge
  const tryCode = (code: Code): Promise<SignIn> => verify(context, pending, code, trustDevice, keep)
  const sendMail = async (): Promise<void> => {
    await withPublicClient(context, ({ client, call }) => client.twoFactor.sendOtp({ challengeToken }, call))
  }
  try {
    if (given !== undefined || !context.canAsk) return await tryCode(readGivenCode(source, given))
    if (source === 'email') await sendMail()
    return await askUntilRight(context, ['INVALID_CODE'], () => askCode(context, source, sendMail), tryCode)
  } catch (error) {
    throw explainExpiry(error)
  }
}
