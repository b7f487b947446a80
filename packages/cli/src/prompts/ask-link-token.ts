import { usageError } from '../cli-error'
import type { CommandContext } from '../context'
import { askSecret } from './ask'
import { readLinkToken } from './read-link-token'

/** How a link is asked for. */
export interface LinkQuestion {
  readonly message: string
  /** How to give it where nobody can be asked. */
  readonly way: string
}

const ask = async (context: CommandContext, question: LinkQuestion, mayBeEmpty: boolean): Promise<string> => {
  const { origin } = await context.identity()
  const validate = (text: string): string | undefined => {
    if (mayBeEmpty && text === '') return undefined
    const read = readLinkToken(text, origin)
    return 'complaint' in read ? read.complaint : undefined
  }
  return askSecret(context, { ...question, what: 'the link from the mail', validate })
}

/**
 * The token of a pasted link.
 * @throws CliError (exit 2) if it is a link to another server, or none
 */
export const tokenOfLink = async (context: CommandContext, pasted: string): Promise<string> => {
  const read = readLinkToken(pasted, (await context.identity()).origin)
  if ('complaint' in read) throw usageError(`${read.complaint}.`)
  return read.token
}

/**
 * Asks for the link from a mail.
 * @returns its token
 * @throws CliError (exit 2) if nobody can be asked
 */
export const askLinkToken = async (context: CommandContext, question: LinkQuestion): Promise<string> =>
  tokenOfLink(context, await ask(context, question, false))

/** As `askLinkToken`, of somebody who need not have it. @returns undefined for an empty answer */
export const askLinkTokenIfAny = async (
  context: CommandContext,
  question: LinkQuestion,
): Promise<string | undefined> => {
  const pasted = await ask(context, question, true)
  return pasted === '' ? undefined : tokenOfLink(context, pasted)
}
