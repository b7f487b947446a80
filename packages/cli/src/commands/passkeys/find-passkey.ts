import type { Passkey } from '@snoop/sdk'
import { CliError, usageError } from '../../cli-error'
import type { CommandContext } from '../../context'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'

export const listPasskeys = (context: CommandContext): Promise<Passkey[]> =>
  withClient(context, NEEDS_SESSION, ({ client, call }) => client.passkeys.list({}, call))

const find = (passkeys: readonly Passkey[], idOrName: string): Passkey => {
  const byId = passkeys.find(({ id }) => id === idOrName)
  if (byId !== undefined) return byId
  const named = passkeys.filter(({ name }) => name === idOrName)
  const [only] = named
  if (only === undefined) {
    throw new CliError(`You have no passkey ${idOrName}.`, {
      code: 'passkey.unknown',
      exit: EXIT.NOT_FOUND,
      hint: 'See:  snoop passkeys list',
    })
  }
  if (named.length > 1) {
    const ids = named.map(({ id, createdAt }) => `${id}  made ${createdAt}`).join('\n')
    throw usageError(`${named.length} passkeys are named ${idOrName}: give an id.`, ids)
  }
  return only
}

/**
 * The passkey of this id or name.
 * @throws CliError: exit 3 if there is no such one, exit 2 if several have the name
 */
export const findPasskey = async (context: CommandContext, idOrName: string): Promise<Passkey> =>
  find(await listPasskeys(context), idOrName)

/**
 * The passkeys of these ids or names, each once.
 * @throws CliError: exit 3 if there is no such one, exit 2 if several have the name
 */
export const findPasskeys = async (
  context: CommandContext,
  named: readonly string[],
): Promise<readonly Passkey[]> => {
  const passkeys = await listPasskeys(context)
  return [...new Set(named.map(idOrName => find(passkeys, idOrName)))]
}
