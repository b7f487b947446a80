import type { Device } from '@snoop/sdk'
import type { listSpec } from '../../command-tree/devices'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'

const deviceFields = (nowMs: number): Field<Device>[] => {
  const time = (label: string, value: (device: Device) => string): Field<Device> => ({
    label,
    value,
    human: device => relativeTime(value(device), nowMs),
  })
  return [
    {
      label: 'DEVICE',
      value: device => device.device,
      human: device => `${device.device}${device.current ? ' (this one)' : ''}`,
    },
    { label: 'ADDRESS', value: device => device.ipAddress },
    time('LAST SIGN-IN', device => device.lastSignInAt),
    time('FIRST SIGN-IN', device => device.firstSignInAt),
    {
      label: 'TRUSTED',
      value: device => device.trustedUntil ?? '',
      human: ({ trustedUntil }) =>
        trustedUntil === null ? 'no' : `ends ${relativeTime(trustedUntil, nowMs)}`,
    },
    { label: 'ID', value: device => device.id, isId: true },
  ]
}

export const run: Run<typeof listSpec> = async context => {
  const devices = await withClient(context, { ...NEEDS_SESSION, withDevice: true }, ({ client, call }) =>
    client.auth.listDevices({}, call),
  )
  await context.output.list(devices, deviceFields(context.around.now()))
  return EXIT.OK
}
