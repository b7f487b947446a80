import type { ApiKey } from '@snoop/sdk'
import type { listSpec } from '../../command-tree/keys'
import { currentAccount } from '../../credentials/session'
import type { Run } from '../../define-command'
import { parseDuration } from '../../duration'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { relativeTime } from '../../output/relative-time'
import { type KeyFilter, listKeys } from './find-key'
import { keyFields } from './key-fields'

const WARN_BEFORE_MS = 14 * 24 * 3600 * 1000

/** Live keys, unless a state or all of them are asked for. */
const filterOf = (options: Parameters<typeof run>[1]['options'], nowMs: number): KeyFilter => {
  const { all, state, format, unused, expiring, search } = options
  const at = (seconds: number): string => new Date(nowMs + seconds * 1000).toISOString()
  return {
    state: state ?? (all ? undefined : 'active'),
    format,
    unusedSince: unused === undefined ? undefined : at(-parseDuration(unused, '--unused')),
    expiringBefore: expiring === undefined ? undefined : at(parseDuration(expiring, '--expiring')),
    q: search,
  }
}

const endsSoon = (key: ApiKey, nowMs: number): boolean =>
  key.state === 'active' &&
  key.rotatedTo === null &&
  key.expiresAt !== null &&
  Date.parse(key.expiresAt) - nowMs < WARN_BEFORE_MS

export const run: Run<typeof listSpec> = async (context, { options }) => {
  const { output, around } = context
  const need = { prefer: 'session', scopes: ['api-keys:read'] } as const
  const nowMs = around.now()
  const filter = filterOf(options, nowMs)
  const keys = await withClient(context, need, open => listKeys(open, filter))
  const inUse = (await currentAccount(context)).key?.id
  const { id, name, format, scopes, org, expires, lastUse, state } = keyFields(nowMs, inUse)
  // New columns come last: programs know the others by their places.
  const fields = [name, id, scopes, org, expires, lastUse, ...(filter.state ? [] : [state]), format]
  const isFiltered = Object.values({ ...filter, state: options.state }).some(part => part !== undefined)
  const ifNone = isFiltered ? 'No such keys.' : 'No keys. Make one:  snoop keys create'
  await output.list(keys, fields, keys.length === 0 ? ifNone : undefined)
  for (const key of keys.filter(candidate => endsSoon(candidate, nowMs))) {
    output.warn(
      `Key ${key.name} expires ${relativeTime(key.expiresAt, nowMs)}. Replace it:  snoop keys rotate ${key.id} --expires 90d`,
    )
  }
  return EXIT.OK
}
