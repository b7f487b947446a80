import type { CommandContext } from '../../context'
import { withPublicClient } from '../../http/open-client'
import { beginSignIn, type KeepSignIn, type PendingSignIn, type SignIn } from '../../http/sign-in'
import { askSecret, askText } from '../../prompts/ask'
import { askLinkToken, tokenOfLink } from '../../prompts/ask-link-token'
import { askUntilRight } from '../../prompts/ask-until-right'
import { mailIsOnItsWay } from '../mail-is-on-its-way'

/** What a first factor needs besides its own secret. */
export interface FirstFactor {
  readonly email: string | undefined
  /** The cookies that go along. */
  readonly jar: string
  readonly keep: KeepSignIn
}

const askEmail = (context: CommandContext, email: string | undefined): Promise<string> =>
  askText(context, email, { flag: '--email', message: 'E-mail address' })

/** @param given from stdin; undefined to ask for it */
export const signInByPassword = async (
  context: CommandContext,
  { email: givenEmail, jar, keep }: FirstFactor,
  given: string | undefined,
): Promise<SignIn | PendingSignIn> => {
  const email = await askEmail(context, givenEmail)
  const password =
    given ??
    (await askSecret(context, {
      what: 'the password',
      message: 'Password',
      way: 'Pipe it in:  --password-stdin < password.txt',
    }))
  return beginSignIn(
    context,
    jar,
    ({ client, call }) => client.auth.signInEmail({ email, password }, call),
    keep,
  )
}

const byToken = (
  context: CommandContext,
  { jar, keep }: FirstFactor,
  token: string,
): Promise<SignIn | PendingSignIn> =>
  beginSignIn(context, jar, ({ client, call }) => client.auth.verifyMagicLink({ token }, call), keep)

const WAY = 'Then:  snoop login --token-stdin < link.txt'

/** Sends a link and asks for it. @param given the link or its token from stdin: none is sent then */
export const signInByMagicLink = async (
  context: CommandContext,
  factor: FirstFactor,
  given: string | undefined,
): Promise<SignIn | PendingSignIn> => {
  if (given !== undefined) return byToken(context, factor, await tokenOfLink(context, given))
  const email = await askEmail(context, factor.email)
  await withPublicClient(context, ({ client, call }) => client.auth.signInMagicLink({ email }, call))
  if (!context.canAsk) throw mailIsOnItsWay(email, WAY)
  context.output.note(
    `If ${email} belongs to an account, a mail is on its way. Its link works for 5 minutes.`,
  )
  return askUntilRight(
    context,
    ['INVALID_TOKEN'],
    () => askLinkToken(context, { message: 'Paste the link from the mail, or its token', way: WAY }),
    token => byToken(context, factor, token),
  )
}
