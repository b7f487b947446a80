import type { changeSpec } from '../../command-tree/password'
import type { CommandContext } from '../../context'
import type { CommandInput, Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { explainWrongPassword, withFreshSession } from '../../http/fresh-session'
import { askNewPassword, askSecret } from '../../prompts/ask'
import { readSecretLines } from '../../prompts/read-secret-lines'

const CURRENT = 'the current password'
const WAY = 'Pipe in the current password and the new one, each on a line:  --password-stdin < passwords.txt'

interface Passwords {
  /** Empty for an account that has none. */
  readonly current: string
  readonly next: string
}

const readPasswords = async (
  context: CommandContext,
  { passwordStdin }: CommandInput<typeof changeSpec>['options'],
): Promise<Passwords> => {
  if (passwordStdin) {
    const lines = { flag: '--password-stdin', names: [CURRENT, 'the new one'], needed: 2 }
    const [current = '', next = ''] = await readSecretLines(context, lines)
    return { current, next }
  }
  const message = 'Current password (empty if you have none)'
  const current = await askSecret(context, { what: CURRENT, way: WAY, message, validate: () => undefined })
  return { current, next: await askNewPassword(context, { name: 'New password', way: WAY }) }
}

const sentence = (others: number): string => {
  if (others === 0) return 'Password changed.'
  return `Password changed. ${others === 1 ? 'Another session has' : `${others} other sessions have`} ended.`
}

export const run: Run<typeof changeSpec> = async (context, { options }) => {
  const { current, next: newPassword } = await readPasswords(context, options)
  const input = current === '' ? { newPassword } : { newPassword, currentPassword: current }
  const answer = await withFreshSession(
    context,
    ({ client, call }) => client.auth.changePassword(input, call),
    current === '' ? undefined : current,
  ).catch(error => {
    throw explainWrongPassword(error)
  })
  await context.output.done(sentence(answer.revokedCount), answer.session.id, answer)
  return EXIT.OK
}
