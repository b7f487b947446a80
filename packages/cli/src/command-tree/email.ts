import { command, declareCommand } from '../define-command'

export const verifySpec = declareCommand({
  name: 'verify',
  summary: 'Verify your address: send the mail again, or use its link',
  options: {
    email: { flags: '--email <address>', summary: 'The address (default: that of your account)' },
    tokenStdin: {
      flags: '--token-stdin',
      summary: 'Send no mail: read the link from one, or its token, from stdin',
    },
  },
  examples: ['snoop email verify --email ada@example.com', 'snoop email verify --token-stdin < link.txt'],
})

export const changeSpec = declareCommand({
  name: 'change',
  summary: 'Ask for another address',
  description: 'It counts once the link in the mail to it was opened, or given to `snoop email verify`.',
  arguments: [{ name: '<address>', summary: 'The new address' }],
  examples: ['snoop email change ada@example.org'],
})

export const commands = [
  command(verifySpec, () => import('../commands/email/verify')),
  command(changeSpec, () => import('../commands/email/change')),
]
