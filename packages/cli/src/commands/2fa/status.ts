import type { statusSpec } from '../../command-tree/two-factor'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { relativeTime } from '../../output/relative-time'

const FEW_CODES = 3

export const run: Run<typeof statusSpec> = async context => {
  const { output, around } = context
  const status = await withClient(context, NEEDS_SESSION, ({ client, call }) =>
    client.twoFactor.status({}, call),
  )
  await output.show(status, [
    { label: 'second factor', value: ({ enabled }) => (enabled ? 'on' : 'off') },
    { label: 'method', value: ({ method }) => method ?? '', human: ({ method }) => method ?? 'none' },
    {
      label: 'since',
      value: ({ enabledAt }) => enabledAt ?? '',
      human: ({ enabledAt }) => relativeTime(enabledAt, around.now()),
    },
    { label: 'backup codes left', value: ({ backupCodesLeft }) => String(backupCodesLeft) },
  ])
  if (!status.enabled) output.note('  Turn it on:  snoop 2fa enable')
  else if (status.backupCodesLeft < FEW_CODES) {
    output.warn('Few backup codes are left. Make new ones:  snoop 2fa backup-codes')
  }
  return EXIT.OK
}
