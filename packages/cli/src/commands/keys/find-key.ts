import type { ApiKey, ApiKeyState } from '@snoop/sdk'
import { CliError, usageError } from '../../cli-error'
import { EXIT } from '../../exit-codes'
import type { OpenClient } from '../../http/open-client'

const PAGE = 100
const KEY_ID = /^ak_[A-Za-z0-9]+$/

/** What of the account's keys is asked for. */
export interface KeyFilter {
  readonly state?: ApiKeyState | undefined
  readonly format?: ApiKey['format'] | undefined
  readonly unusedSince?: string | undefined
  readonly expiringBefore?: string | undefined
  readonly q?: string | undefined
}

/** Every key of the account that fits. */
export const listKeys = async ({ client, call }: OpenClient, filter: KeyFilter): Promise<ApiKey[]> => {
  const keys: ApiKey[] = []
  for await (const key of client.apiKeys.list({ ...filter, limit: PAGE }, call)) keys.push(key)
  return keys
}

/** States of keys that have a name to be found by: the others are dead. */
type NamedState = Extract<ApiKeyState, 'active' | 'disabled'>

/**
 * The key of this id, dead or alive, or the key of this name: live if there is one, else disabled.
 * @param states where a name is looked for, in turn
 * @throws CliError: exit 3 if there is none, exit 2 if several have the name
 */
export const findKey = async (
  open: OpenClient,
  idOrName: string,
  states: readonly NamedState[] = ['active', 'disabled'],
): Promise<ApiKey> => {
  if (KEY_ID.test(idOrName)) return open.client.apiKeys.get({ id: idOrName }, open.call)
  for (const state of states) {
    // A key that was rotated and lives on for a grace is not the one that the name stands for.
    const named = (await listKeys(open, { state })).filter(
      key => key.name === idOrName && key.rotatedTo === null,
    )
    if (named.length > 1) {
      const ids = named.map(({ id, createdAt }) => `${id}  made ${createdAt}`).join('\n')
      throw usageError(`${named.length} keys are named ${idOrName}: give an id.`, ids)
    }
    if (named[0] !== undefined) return named[0]
  }
  throw new CliError(`You have no live key named ${idOrName}.`, {
    code: 'key.unknown',
    exit: EXIT.NOT_FOUND,
    hint: 'See:  snoop keys list --all',
  })
}

/** Keys as they are spoken of. */
export const namesOf = (keys: readonly Pick<ApiKey, 'name' | 'id'>[]): string =>
  keys.map(({ name, id }) => `${name} (${id})`).join(', ')
