import { command, declareCommand } from '../define-command'

const anOrganization = {
  name: '[org]',
  summary: 'Id or slug of an organization (default: the one in use)',
} as const
const theOrganization = { name: '<org>', summary: 'Id or slug of an organization' } as const
const slug = { flags: '--slug <slug>', summary: 'Short name in addresses' } as const

export const listSpec = declareCommand({
  name: 'list',
  summary: 'List your organizations',
  examples: ['snoop orgs list'],
})

export const useSpec = declareCommand({
  name: 'use',
  summary: 'Choose the organization that commands work in by default',
  arguments: [theOrganization],
  examples: ['snoop orgs use acme'],
})

export const createSpec = declareCommand({
  name: 'create',
  summary: 'Create an organization, which you own',
  arguments: [{ name: '<name>', summary: 'Its name' }],
  options: { slug, use: { flags: '--use', summary: 'Work in it from now on' } },
  examples: ["snoop orgs create 'Acme Ltd' --slug acme --use"],
})

export const showSpec = declareCommand({
  name: 'show',
  summary: 'Show an organization and your role in it',
  arguments: [anOrganization],
  examples: ['snoop orgs show acme'],
})

export const updateSpec = declareCommand({
  name: 'update',
  summary: 'Change the name or slug of an organization',
  arguments: [anOrganization],
  options: { name: { flags: '--name <name>', summary: 'Its new name' }, slug },
  examples: ["snoop orgs update acme --name 'Acme GmbH'"],
})

export const deleteSpec = declareCommand({
  name: 'delete',
  summary: 'Delete an organization with all that belongs to it',
  description:
    'Its slug or name is to be typed, capitals and all; --yes does not do. Its subscription ends at once.',
  arguments: [theOrganization],
  options: {
    confirm: {
      flags: '--confirm <slug>',
      summary: 'Its slug or name, where there is nobody to type it',
    },
  },
  examples: ['snoop orgs delete acme --confirm acme'],
})

export const leaveSpec = declareCommand({
  name: 'leave',
  summary: 'Leave an organization',
  description: 'Your keys that are pinned to it are revoked. The last owner hands it over first.',
  arguments: [anOrganization],
  examples: ['snoop orgs leave acme'],
})

export const transferSpec = declareCommand({
  name: 'transfer',
  summary: 'Hand an organization over to another member',
  description: 'The member becomes an owner, and you an admin.',
  arguments: [theOrganization],
  options: { to: { flags: '--to <member>', summary: 'E-mail address, or id, of the member' } },
  examples: ['snoop orgs transfer acme --to grace@example.com'],
})

export const MFA_ACTIONS = ['show', 'require', 'off', 'compliance'] as const

export const mfaSpec = declareCommand({
  name: 'mfa',
  summary: 'Show or change whether members need two-factor authentication, and list who has it',
  description:
    'Who has none when the days of grace are over is let in no more. To require it, turn on your own first: snoop 2fa enable.',
  arguments: [
    { name: '[action]', summary: 'show (the default), require, off or compliance', choices: MFA_ACTIONS },
  ],
  options: {
    graceDays: {
      flags: '--grace-days <n>',
      summary: 'require: days that members have to turn it on, 0 to 90 (default: 7)',
    },
    dryRun: { flags: '--dry-run', summary: 'require, off: only tell whom it would lock out' },
    failIfNoncompliant: {
      flags: '--fail-if-noncompliant',
      summary: 'compliance: exit 1 if a member has none while it is required',
    },
    limit: { flags: '--limit <n>', summary: 'compliance: at most this many (default: 50)' },
    all: { flags: '--all', summary: 'compliance: all members' },
  },
  examples: [
    'snoop orgs mfa',
    'snoop orgs mfa require --grace-days 14 --dry-run',
    'snoop orgs mfa compliance --all --json',
  ],
})

export const commands = [
  command(listSpec, () => import('../commands/orgs/list')),
  command(useSpec, () => import('../commands/orgs/use')),
  command(createSpec, () => import('../commands/orgs/create')),
  command(showSpec, () => import('../commands/orgs/show')),
  command(updateSpec, () => import('../commands/orgs/update')),
  command(deleteSpec, () => import('../commands/orgs/delete')),
  command(leaveSpec, () => import('../commands/orgs/leave')),
  command(transferSpec, () => import('../commands/orgs/transfer')),
  command(mfaSpec, () => import('../commands/orgs/mfa')),
]
