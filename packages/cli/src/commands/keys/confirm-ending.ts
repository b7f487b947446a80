import { type ApiKey, KEY_FORMATS, type KeyFormat } from '@snoop/sdk'
import type { CommandContext } from '../../context'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import { withClient } from '../../http/with-client'
import { confirmLoss } from '../../prompts/ask'
import { listKeys, namesOf } from './find-key'

/**
 * Makes sure before a new key ends the one that there is.
 * @returns the keys that will end
 * @throws CliError if that is not wanted, or nobody can be asked
 */
export const confirmEnding = async (
  context: CommandContext,
  format: KeyFormat,
): Promise<readonly ApiKey[]> => {
  if (KEY_FORMATS[format].live !== 'one') return []
  const keys = await withClient(context, NEEDS_SESSION, open => listKeys(open, { format }))
  const live = keys.filter(({ state }) => state === 'active' || state === 'disabled')
  if (live.length === 0) return live
  const why = `An account has one key of the format ${format}: a new one ends ${namesOf(live)}`
  if (context.canAsk && !context.flags.yes) context.output.warn(`${why}. Whoever uses it is refused.`)
  await confirmLoss(context, 'Make a new one?', why)
  return live
}
