import { command, declareCommand } from '../define-command'

const backupCodesFile = {
  flags: '--backup-codes-file <file>',
  summary: 'Write the backup codes to a new file that only you can read, instead of showing them',
} as const

export const enableSpec = declareCommand({
  name: 'enable',
  summary: 'Turn on a second factor: an authenticator app, or codes by mail',
  description:
    'Shows a QR code and the secret, and asks for a first code; then shows ten backup codes, this once. Without a terminal: --json begins and prints what the app needs; --code-stdin finishes. Ends every other session of the account.',
  options: {
    method: {
      flags: '--method <method>',
      summary: 'totp (an authenticator app; the default) or email',
      choices: ['totp', 'email'],
    },
    backupCodesFile,
    codeStdin: {
      flags: '--code-stdin',
      summary: 'Finish what was begun: read a first code from stdin',
    },
  },
  examples: [
    'snoop 2fa enable',
    'snoop 2fa enable --method email --backup-codes-file backup-codes.txt',
    'snoop 2fa enable --json',
    'echo 123456 | snoop 2fa enable --code-stdin',
  ],
})

export const disableSpec = declareCommand({
  name: 'disable',
  summary: 'Turn the second factor off',
  description: 'Ends every other session of the account.',
  examples: ['snoop 2fa disable'],
})

export const statusSpec = declareCommand({
  name: 'status',
  summary: 'Show whether there is a second factor, and how many backup codes are left',
  examples: ['snoop 2fa status', 'snoop 2fa status --json'],
})

export const backupCodesSpec = declareCommand({
  name: 'backup-codes',
  summary: 'Make ten new backup codes in place of the old ones',
  options: { backupCodesFile },
  examples: ['snoop 2fa backup-codes', 'snoop 2fa backup-codes --yes --backup-codes-file backup-codes.txt'],
})

export const commands = [
  command(enableSpec, () => import('../commands/2fa/enable')),
  command(disableSpec, () => import('../commands/2fa/disable')),
  command(statusSpec, () => import('../commands/2fa/status')),
  command(backupCodesSpec, () => import('../commands/2fa/backup-codes')),
]
