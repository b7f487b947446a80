import { command, declareCommand } from '../define-command'

const passwordStdin = { flags: '--password-stdin', summary: 'Read the password from stdin' } as const

export const signupSpec = declareCommand({
  name: 'signup',
  summary: 'Create an account',
  description:
    'Asks for what is missing. A mail with a link follows; open it, then sign in with `snoop login`.',
  options: {
    name: { flags: '--name <name>', summary: 'Your name' },
    email: { flags: '--email <address>', summary: 'Your e-mail address' },
    passwordStdin,
  },
  examples: [
    'snoop signup',
    'snoop signup --name Ada --email ada@example.com --password-stdin < password.txt',
  ],
})

export const loginSpec = declareCommand({
  name: 'login',
  summary: 'Sign in and keep the session in the keychain',
  description:
    'By password, or by a link that is sent by mail. An account with a second factor is asked for its code next; a backup code may be typed in its place. Without a terminal the first line of stdin is the password (or the link), the second line the code.',
  options: {
    email: { flags: '--email <address>', summary: 'Your e-mail address' },
    passwordStdin: {
      flags: '--password-stdin',
      summary: 'Read the password from stdin, and the code of a second factor from its second line',
    },
    magicLink: { flags: '--magic-link', summary: 'Get a link by mail instead of giving the password' },
    tokenStdin: {
      flags: '--token-stdin',
      summary: 'Read the link from that mail, or its token, from stdin; the code as above',
    },
    trustDevice: {
      flags: '--trust-device',
      summary: 'Do not ask this machine for a second factor for 30 days',
    },
  },
  examples: [
    'snoop login',
    'snoop login --url https://auth.example.com --email ada@example.com',
    'snoop login --magic-link --email ada@example.com',
    'printf \'%s\\n%s\\n\' "$PASSWORD" "$CODE" | snoop login --email ada@example.com --password-stdin',
  ],
})

export const logoutSpec = declareCommand({
  name: 'logout',
  summary: 'End the session and forget the credentials of this profile',
  description:
    'Ends the session on the server and revokes the key that this profile uses, then removes both from this machine. The server goes on knowing this machine at the next sign-in.',
  options: { keepKey: { flags: '--keep-key', summary: 'End the session only' } },
  examples: ['snoop logout'],
})

export const whoamiSpec = declareCommand({
  name: 'whoami',
  summary: 'Show whose credentials are in use',
  examples: ['snoop whoami', 'snoop whoami --json'],
})

export const statusSpec = declareCommand({
  name: 'status',
  summary: 'Show which credentials are in use, where they come from and whether they are good',
  description:
    'A credential is ok, rejected (the server said so) or unverified (nobody could be asked; the reason is named). Exit code 0 when ok, 4 when rejected or signed out, 9 when unverified, 11 without a keychain.',
  examples: ['snoop status', 'snoop status --json'],
})

export const signInCommands = [
  command(signupSpec, () => import('../commands/signup')),
  command(loginSpec, () => import('../commands/login')),
  command(logoutSpec, () => import('../commands/logout')),
  command(whoamiSpec, () => import('../commands/whoami')),
  command(statusSpec, () => import('../commands/status')),
]
