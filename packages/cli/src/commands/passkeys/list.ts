import type { Passkey } from '@snoop/sdk'
import type { listSpec } from '../../command-tree/passkeys'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'
import { listPasskeys } from './find-passkey'

const passkeyFields = (nowMs: number): Field<Passkey>[] => [
  { label: 'NAME', value: passkey => passkey.name, isCuttable: true },
  {
    label: 'KIND',
    value: passkey => passkey.deviceType,
    human: ({ deviceType }) => (deviceType === 'multiDevice' ? 'synchronised' : 'on one device'),
  },
  {
    label: 'LAST USE',
    value: passkey => passkey.lastUsedAt ?? '',
    human: passkey => relativeTime(passkey.lastUsedAt, nowMs),
  },
  {
    label: 'CREATED',
    value: passkey => passkey.createdAt,
    human: passkey => relativeTime(passkey.createdAt, nowMs),
  },
  { label: 'ID', value: passkey => passkey.id, isId: true },
]

export const run: Run<typeof listSpec> = async context => {
  const passkeys = await listPasskeys(context)
  const remark = passkeys.length === 0 ? 'No passkeys. They are made in a browser.' : undefined
  await context.output.list(passkeys, passkeyFields(context.around.now()), remark)
  return EXIT.OK
}
