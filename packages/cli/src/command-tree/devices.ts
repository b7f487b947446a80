import { command, declareCommand } from '../define-command'

export const listSpec = declareCommand({
  name: 'list',
  summary: 'List the browsers and programs that signed in to your account',
  examples: ['snoop devices list'],
})

export const revokeSpec = declareCommand({
  name: 'revoke',
  summary: 'Forget devices, and that they were trusted',
  description: 'Sessions go on; the next sign-in of such a device counts as that of a new one.',
  arguments: [{ name: '<device...>', summary: 'Ids of devices' }],
  examples: ['snoop devices revoke 01HZ3K5R4X9Y2V6QF8TJ7W0CDN'],
})

export const commands = [
  command(listSpec, () => import('../commands/devices/list')),
  command(revokeSpec, () => import('../commands/devices/revoke')),
]
