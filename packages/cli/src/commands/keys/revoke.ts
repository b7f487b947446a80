import type { ApiKey } from '@snoop/sdk'
import type { revokeSpec } from '../../command-tree/keys'
import type { CommandContext } from '../../context'
import { currentAccount } from '../../credentials/session'
import { forgetKey } from '../../credentials/stored-key'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import type { OpenClient } from '../../http/open-client'
import { withClient } from '../../http/with-client'
import { confirmLoss } from '../../prompts/ask'
import { findKey, namesOf } from './find-key'
import { refuseKeyInUse } from './refuse-key-in-use'

const findKeys = async (open: OpenClient, named: readonly string[]): Promise<ApiKey[]> => {
  const found = new Map<string, ApiKey>()
  for (const idOrName of named) {
    const key = await findKey(open, idOrName)
    found.set(key.id, key)
  }
  return [...found.values()]
}

/** The key in use comes last: it may be what the others are revoked with. */
const revokeAll = async (
  context: CommandContext,
  keys: readonly ApiKey[],
  inUse: string | undefined,
): Promise<ApiKey[]> => {
  const ordered = [...keys].sort((a, b) => Number(a.id === inUse) - Number(b.id === inUse))
  const revoked: ApiKey[] = []
  try {
    await withClient(
      context,
      { prefer: 'session', scopes: ['api-keys:delete'] },
      async ({ client, call }) => {
        for (const { id } of ordered) revoked.push(await client.apiKeys.delete({ keyId: id }, call))
      },
    )
  } catch (error) {
    if (revoked.length > 0) context.output.warn(`Revoked before it failed: ${namesOf(revoked)}`)
    throw error
  }
  return revoked
}

export const run: Run<typeof revokeSpec> = async (context, { args: [named], options }) => {
  const inUse = (await currentAccount(context)).key?.id
  const keys = await withClient(context, { prefer: 'session', scopes: ['api-keys:read'] }, open =>
    findKeys(open, named),
  )
  refuseKeyInUse(keys, inUse, 'revoke', options.yesLockMeOut)
  await confirmLoss(context, `Revoke ${namesOf(keys)}? Whoever uses it is refused from then on.`)
  const revoked = await revokeAll(context, keys, inUse)
  if (revoked.some(({ id }) => id === inUse)) await forgetKey(context)
  await context.output.done(`Revoked ${namesOf(revoked)}.`, revoked.map(({ id }) => id).join('\n'), revoked)
  return EXIT.OK
}
