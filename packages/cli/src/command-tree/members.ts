import { command, declareCommand } from '../define-command'

const ROLES = ['owner', 'admin', 'member'] as const
const member = { name: '<member>', summary: 'E-mail address, or id, of a member' } as const

export const listSpec = declareCommand({
  name: 'list',
  summary: 'List the members of an organization',
  options: {
    search: { flags: '--search <text>', summary: 'Only those whose name or address has this in it' },
    role: { flags: '--role <role>', summary: 'owner, admin or member', choices: ROLES },
    limit: { flags: '--limit <n>', summary: 'At most this many (default: 50)' },
    all: { flags: '--all', summary: 'All of them' },
  },
  examples: ['snoop members list --role admin'],
})

export const roleSpec = declareCommand({
  name: 'role',
  summary: 'Change the role of a member',
  description: 'Only an owner makes or unmakes an owner.',
  arguments: [member, { name: '<role>', summary: 'owner, admin or member', choices: ROLES }],
  examples: ['snoop members role grace@example.com admin'],
})

export const removeSpec = declareCommand({
  name: 'remove',
  summary: 'Remove a member from an organization',
  description: 'Keys of the member that are pinned to the organization are revoked.',
  arguments: [member],
  examples: ['snoop members remove grace@example.com'],
})

export const commands = [
  command(listSpec, () => import('../commands/members/list')),
  command(roleSpec, () => import('../commands/members/role')),
  command(removeSpec, () => import('../commands/members/remove')),
]
