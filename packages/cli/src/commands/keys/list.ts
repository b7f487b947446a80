import type { ApiKey } from '@snoop/sdk'
import type { listSpec } from '../../command-tree/keys'
import { currentAccount } from '../../credentials/session'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import type { OpenClient } from '../../http/open-client'
import { withClient } from '../../http/with-client'
import { relativeTime } from '../../output/relative-time'
import { listLiveKeys } from './find-key'
import { keyFields } from './key-fields'

const WARN_BEFORE_MS = 14 * 24 * 3600 * 1000

const listAllKeys = async ({ client, call }: OpenClient): Promise<ApiKey[]> => {
  const keys: ApiKey[] = []
  for await (const key of client.apiKeys.list({ limit: 100 }, call)) keys.push(key)
  return keys
}

const endsSoon = (key: ApiKey, nowMs: number): boolean =>
  key.state === 'active' &&
  key.rotatedTo === null &&
  key.expiresAt !== null &&
  Date.parse(key.expiresAt) - nowMs < WARN_BEFORE_MS

export const run: Run<typeof listSpec> = async (context, { options }) => {
  const { output, around } = context
  const need = { prefer: 'session', scopes: ['api-keys:read'] } as const
  const keys = await withClient(context, need, open => (options.all ? listAllKeys(open) : listLiveKeys(open)))
  const nowMs = around.now()
  const inUse = (await currentAccount(context)).key?.id
  const { id, name, scopes, org, expires, lastUse, state } = keyFields(nowMs, inUse)
  const fields = [name, id, scopes, org, expires, lastUse, ...(options.all ? [state] : [])]
  await output.list(keys, fields, keys.length === 0 ? 'No keys. Make one:  snoop keys create' : undefined)
  for (const key of keys.filter(candidate => endsSoon(candidate, nowMs))) {
    output.warn(
      `Key ${key.name} expires ${relativeTime(key.expiresAt, nowMs)}. Replace it:  snoop keys rotate ${key.id} --expires 90d`,
    )
  }
  return EXIT.OK
}
