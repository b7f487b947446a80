import type { disableSpec } from '../../command-tree/two-factor'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withFreshSession } from '../../http/fresh-session'
import { confirmLoss } from '../../prompts/ask'

export const run: Run<typeof disableSpec> = async context => {
  await confirmLoss(context, 'Turn off the second factor? From then on the password alone signs in.')
  const answer = await withFreshSession(context, ({ client, call }) => client.twoFactor.disable({}, call))
  await context.output.done('The second factor is off.', '', answer)
  return EXIT.OK
}
