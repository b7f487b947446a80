import { command, declareCommand } from '../define-command'

const invitation = {
  name: '<invitation>',
  summary: 'The invited address, or the id of the invitation',
} as const

export const sendSpec = declareCommand({
  name: 'send',
  summary: 'Invite people to an organization by e-mail',
  description:
    'All of them or none. Who is invited already gets a new mail, and the link in the earlier one ends.',
  arguments: [{ name: '<email...>', summary: 'E-mail addresses, at most 50' }],
  options: {
    role: {
      flags: '--role <role>',
      summary: 'owner, admin or member (the default)',
      choices: ['owner', 'admin', 'member'],
    },
  },
  examples: ['snoop invites send grace@example.com alan@example.com --role admin'],
})

export const listSpec = declareCommand({
  name: 'list',
  summary: 'List the invitations that are pending or expired',
  options: {
    search: { flags: '--search <text>', summary: 'Only those whose address has this in it' },
    limit: { flags: '--limit <n>', summary: 'At most this many (default: 50)' },
    all: { flags: '--all', summary: 'All of them' },
  },
  examples: ['snoop invites list'],
})

export const resendSpec = declareCommand({
  name: 'resend',
  summary: 'Send an invitation again, with a new link',
  description: 'At most once a minute. The link in the earlier mail ends.',
  arguments: [invitation],
  examples: ['snoop invites resend grace@example.com'],
})

export const cancelSpec = declareCommand({
  name: 'cancel',
  summary: 'Cancel an invitation; its link ends',
  arguments: [invitation],
  examples: ['snoop invites cancel grace@example.com'],
})

export const acceptSpec = declareCommand({
  name: 'accept',
  summary: 'Accept an invitation that was mailed to you',
  description:
    'Asks for the link from the mail, or the token in it, without showing it. Never write it on the command line: others see that.',
  arguments: [{ name: '[source]', summary: '`-` reads the link, or its token, from stdin' }],
  examples: ['snoop invites accept', 'snoop invites accept - < link.txt'],
})

export const commands = [
  command(sendSpec, () => import('../commands/invites/send')),
  command(listSpec, () => import('../commands/invites/list')),
  command(resendSpec, () => import('../commands/invites/resend')),
  command(cancelSpec, () => import('../commands/invites/cancel')),
  command(acceptSpec, () => import('../commands/invites/accept')),
]
