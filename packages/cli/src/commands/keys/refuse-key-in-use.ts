import type { ApiKey } from '@snoop/sdk'
import { CliError } from '../../cli-error'
import { EXIT } from '../../exit-codes'

/**
 * Keeps people from shutting themselves out.
 * @param inUse id of the key that this profile uses
 * @param verb what is about to be done to the keys
 * @param isAllowed `--yes-lock-me-out`
 * @throws CliError (exit 6)
 */
export const refuseKeyInUse = (
  keys: readonly ApiKey[],
  inUse: string | undefined,
  verb: 'revoke' | 'disable',
  isAllowed: true | undefined,
): void => {
  const key = keys.find(({ id }) => id === inUse)
  if (key === undefined || isAllowed) return
  throw new CliError(`This profile uses the key ${key.name}: without it you may be locked out.`, {
    code: 'key.in_use',
    exit: EXIT.REFUSED,
    hint: `Replace it:  snoop keys rotate\nOr go ahead:  snoop keys ${verb} ${key.id} --yes-lock-me-out`,
  })
}
