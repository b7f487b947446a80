import { KEY_FORMATS } from '@snoop/sdk'
import { usageError } from '../../cli-error'
import type { updateSpec } from '../../command-tree/keys'
import type { Run } from '../../define-command'
import { parseDuration } from '../../duration'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { findKey } from './find-key'
import { parseLimits } from './parse-limits'
import { parsePermissions } from './parse-permissions'
import { withFlagNames } from './with-flag-names'

export const run: Run<typeof updateSpec> = async (context, { args: [idOrName], options }) => {
  const { name, expires, permission, anyPermission, rate, refill } = options
  if (permission && anyPermission) throw usageError('--permission and --any-permission exclude one another.')
  const nowMs = context.around.now()
  const change = {
    ...(name !== undefined && { name }),
    ...(expires === 'never' && { expiresAt: null }),
    ...(expires !== undefined &&
      expires !== 'never' && {
        expiresAt: new Date(nowMs + parseDuration(expires, '--expires') * 1000).toISOString(),
      }),
    ...(permission && { permissions: parsePermissions(permission) }),
    ...(anyPermission && { permissions: null }),
    ...parseLimits(rate, refill),
  }
  if (Object.keys(change).length === 0)
    throw usageError('Nothing is to be changed.', 'See:  snoop keys update --help')
  const need = { prefer: 'session', scopes: ['api-keys:read', 'api-keys:write'] } as const
  const key = await withFlagNames(() =>
    withClient(context, need, async open => {
      const { id, format } = await findKey(open, idOrName)
      if (anyPermission && KEY_FORMATS[format].unmapped !== 'everything') {
        throw usageError(
          `--any-permission is for keys of the format sna; this one has the format ${format}.`,
          'Name what it may do:  --permission posts:read=id,title',
        )
      }
      return open.client.apiKeys.update({ keyId: id, ...change }, open.call)
    }),
  )
  await context.output.done(`Changed ${key.name} (${key.id}).`, key.id, key)
  return EXIT.OK
}
