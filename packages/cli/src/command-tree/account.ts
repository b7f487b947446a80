import { command, declareCommand } from '../define-command'

export const showSpec = declareCommand({
  name: 'show',
  summary: 'Show your account',
  examples: ['snoop account show', 'snoop account show --json'],
})

export const updateSpec = declareCommand({
  name: 'update',
  summary: 'Change your name, handle or mail preferences',
  options: {
    name: { flags: '--name <name>', summary: 'Your name' },
    handle: { flags: '--handle <handle>', summary: 'Your handle: 3 to 30 letters, digits, _ or -' },
    marketingMail: {
      flags: '--marketing-mail <on|off>',
      summary: 'Whether you want mail that is not about your account',
      choices: ['on', 'off'],
    },
  },
  examples: ["snoop account update --name 'Ada Lovelace'", 'snoop account update --marketing-mail off'],
})

export const exportSpec = declareCommand({
  name: 'export',
  summary: 'Export all that the server holds on you, as JSON',
  options: {
    out: {
      flags: '--out <file>',
      summary: 'Write it to a file that only you can read; --yes overwrites one that exists',
    },
  },
  examples: ['snoop account export --out account.json'],
})

export const historySpec = declareCommand({
  name: 'history',
  summary: 'List sign-ins to your account, and failed tries',
  options: {
    limit: { flags: '--limit <n>', summary: 'At most this many (default: 50)' },
    all: { flags: '--all', summary: 'All of them' },
  },
  examples: ['snoop account history', 'snoop account history --all --json'],
})

export const deleteSpec = declareCommand({
  name: 'delete',
  summary: 'Delete your account and all that is held on it',
  description:
    'Organizations of which you are the only member go with it. Its address is to be typed to go ahead; then the credentials of this profile are forgotten.',
  examples: ['snoop account delete'],
})

export const commands = [
  command(showSpec, () => import('../commands/account/show')),
  command(updateSpec, () => import('../commands/account/update')),
  command(exportSpec, () => import('../commands/account/export')),
  command(historySpec, () => import('../commands/account/history')),
  command(deleteSpec, () => import('../commands/account/delete')),
]
