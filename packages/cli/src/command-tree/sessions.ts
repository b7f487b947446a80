import { command, declareCommand } from '../define-command'

export const listSpec = declareCommand({
  name: 'list',
  summary: 'List your sessions',
  examples: ['snoop sessions list', 'snoop sessions list --json'],
})

export const revokeSpec = declareCommand({
  name: 'revoke',
  summary: 'End sessions: those named, all but this one, or all',
  description: 'Whoever ends the session of this machine signs it out.',
  arguments: [{ name: '[session...]', summary: 'Ids of sessions' }],
  options: {
    others: { flags: '--others', summary: 'All but this one' },
    all: { flags: '--all', summary: 'All of them, this one too' },
  },
  examples: ['snoop sessions revoke 01HZ3K5R4X9Y2V6QF8TJ7W0CDN', 'snoop sessions revoke --others'],
})

export const commands = [
  command(listSpec, () => import('../commands/sessions/list')),
  command(revokeSpec, () => import('../commands/sessions/revoke')),
]
