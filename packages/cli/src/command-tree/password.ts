import { command, declareCommand } from '../define-command'

export const changeSpec = declareCommand({
  name: 'change',
  summary: 'Change your password',
  description: 'Ends every other session of the account.',
  options: {
    passwordStdin: {
      flags: '--password-stdin',
      summary: 'Read the current password from the first line of stdin, the new one from the second',
    },
  },
  examples: ['snoop password change', 'snoop password change --password-stdin < passwords.txt'],
})

export const resetSpec = declareCommand({
  name: 'reset',
  summary: 'Set a new password by a link that is sent by mail',
  description:
    'Sends the mail and asks for the link in it. Ends every session of the account. Without a terminal: once to send the mail, then with --token-stdin.',
  options: {
    email: { flags: '--email <address>', summary: 'Address of the account' },
    tokenStdin: {
      flags: '--token-stdin',
      summary:
        'Send no mail: read the link or its token from the first line of stdin, the new password from the second',
    },
  },
  examples: [
    'snoop password reset --email ada@example.com',
    'snoop password reset --token-stdin < link-and-password.txt',
  ],
})

export const commands = [
  command(changeSpec, () => import('../commands/password/change')),
  command(resetSpec, () => import('../commands/password/reset')),
]
