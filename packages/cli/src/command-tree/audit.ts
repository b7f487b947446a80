import { command, declareCommand } from '../define-command'

const filters = {
  action: { flags: '--action <action>', summary: 'Only this action, such as project.created' },
  resourceType: { flags: '--resource-type <type>', summary: 'Only what was done to such things' },
  resourceId: { flags: '--resource-id <id>', summary: 'Only what was done to this one' },
  user: { flags: '--user <user>', summary: 'Only what this one did: an e-mail address or user id' },
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

export const exportSpec = declareCommand({
  name: 'export',
  summary: 'Export the audit log, oldest entry first',
  description:
    'However long it is. A file is there when it is whole, and only you can read it. The export is itself an entry of the log.',
  options: {
    format: {
      flags: '--format <format>',
      summary: 'csv or jsonl (default)',
      choices: ['csv', 'jsonl'],
    },
    output: { flags: '--output <file>', summary: 'Write it to a file' },
    force: { flags: '--force', summary: 'Overwrite a file that exists' },
    ...filters,
  },
  examples: ['snoop audit export --output audit.jsonl', 'snoop audit export --format csv --since 30d | head'],
})

export const verifySpec = declareCommand({
  name: 'verify',
  summary: 'Check that nobody changed, removed or added an entry of the audit log',
  description:
    'Works out the chain of hashes anew and checks every signature; exit 13 if something is wrong. With --file nothing is asked of the server. With --anchor the newest entry is noted down, and the next time it must still be there: so entries cut off at the end are found.',
  options: {
    file: { flags: '--file <file>', summary: 'An export in jsonl, without filters' },
    chain: { flags: '--chain <file>', summary: 'Its ends: snoop api auditLogs.chain' },
    anchor: { flags: '--anchor <file>', summary: 'What the last run found; made by the first' },
  },
  examples: [
    'snoop audit verify --anchor audit.anchor',
    'snoop api auditLogs.chain > chain.json && snoop audit export --output audit.jsonl && snoop audit verify --file audit.jsonl --chain chain.json',
  ],
})

export const commands = [
  command(listSpec, () => import('../commands/audit/list')),
  command(tailSpec, () => import('../commands/audit/tail')),
  command(exportSpec, () => import('../commands/audit/export')),
  command(verifySpec, () => import('../commands/audit/verify')),
]
