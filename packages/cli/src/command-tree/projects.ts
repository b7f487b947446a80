import { command, declareCommand } from '../define-command'

const project = { name: '<project>', summary: 'Id or slug of a project' } as const
const status = {
  flags: '--status <status>',
  summary: 'draft, active or paused',
  choices: ['draft', 'active', 'paused'],
} as const

const details = {
  slug: { flags: '--slug <slug>', summary: 'Short name in addresses' },
  website: { flags: '--website <url>', summary: 'Where it can be seen' },
  description: { flags: '--description <text>', summary: 'What it is' },
  context: { flags: '--context <text>', summary: 'Business context' },
  intent: { flags: '--intent <text>', summary: 'What is to be monitored' },
  frequency: { flags: '--frequency <text>', summary: 'How often, such as daily' },
  timezone: { flags: '--timezone <name>', summary: 'IANA time zone, such as Europe/Paris' },
  status,
} as const

export const listSpec = declareCommand({
  name: 'list',
  summary: 'List the projects of an organization',
  options: {
    search: { flags: '--search <text>', summary: 'Only those whose name has this in it' },
    status,
    limit: { flags: '--limit <n>', summary: 'At most this many (default: 50)' },
    all: { flags: '--all', summary: 'All of them' },
  },
  examples: ['snoop projects list', 'snoop projects list --org acme --status active --json'],
})

export const createSpec = declareCommand({
  name: 'create',
  summary: 'Create a project',
  options: { name: { flags: '--name <name>', summary: 'Its name' }, ...details },
  examples: ['snoop projects create --name Shop --website https://shop.example.com --status active'],
})

export const showSpec = declareCommand({
  name: 'show',
  summary: 'Show a project',
  arguments: [project],
  examples: ['snoop projects show shop'],
})

export const updateSpec = declareCommand({
  name: 'update',
  summary: 'Change a project',
  description: 'Fields that are not named stay as they are; an empty text clears one.',
  arguments: [project],
  options: { name: { flags: '--name <name>', summary: 'Its new name' }, ...details },
  examples: ['snoop projects update shop --status paused', "snoop projects update shop --description ''"],
})

export const deleteSpec = declareCommand({
  name: 'delete',
  summary: 'Delete a project',
  arguments: [project],
  examples: ['snoop projects delete shop --yes'],
})

export const commands = [
  command(listSpec, () => import('../commands/projects/list')),
  command(createSpec, () => import('../commands/projects/create')),
  command(showSpec, () => import('../commands/projects/show')),
  command(updateSpec, () => import('../commands/projects/update')),
  command(deleteSpec, () => import('../commands/projects/delete')),
]
