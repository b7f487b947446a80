import { command, declareCommand } from '../define-command'

const filters = {
  action: { flags: '--action <action>', summary: 'Only this action, such as project.created' },
  resourceType: { flags: '--resource-type <type>', summary: 'Only what was done to such things' },
  resourceId: { flags: '--resource-id <id>', summary: 'Only what was done to this one' },
  user: { flags: '--user <id>', summary: 'Only what this user did' },
  outcome: {
    flags: '--outcome <outcome>',
    summary: 'success or refused',
    choices: ['success', 'refused'],
  },
  since: { flags: '--since <time>', summary: 'From a day, a time, or so long ago: 2026-04-01, 24h' },
  until: { flags: '--until <time>', summary: 'Until then, that day included' },
} as const

export const listSpec = declareCommand({
  name: 'list',
  summary: 'List what was done in an organization, newest first',
  options: {
    ...filters,
    limit: { flags: '--limit <n>', summary: 'At most this many (default: 50)' },
    all: { flags: '--all', summary: 'All of them' },
  },
  examples: ['snoop audit list --since 7d --outcome refused'],
})

export const tailSpec = declareCommand({
  name: 'tail',
  summary: 'Print what is done in an organization as it happens',
  description:
    'Until Ctrl-C. One line an entry; with --json one JSON object a line. A server that is away is waited for, at most five minutes.',
  options: {
    interval: { flags: '--interval <time>', summary: 'How often to look (default: 2s)' },
  },
  examples: ["snoop audit tail --json | jq -r '.action'"],
})

export const commands = [
  command(listSpec, () => import('../commands/audit/list')),
  command(tailSpec, () => import('../commands/audit/tail')),
]
