import { command, declareCommand } from '../define-command'

const key = { name: '<key>', summary: 'Id or name of a key' } as const
const expires = (summary: string) => ({ flags: '--expires <duration>', summary }) as const

export const createSpec = declareCommand({
  name: 'create',
  summary: 'Make a personal access token',
  description:
    'The secret is shown once, written to a file, or put into the credential store without being shown. --org pins the key to that organization.',
  options: {
    name: { flags: '--name <name>', summary: 'What the key is for' },
    scopes: { flags: '--scopes <list>', summary: 'Scopes with commas between, or `read`, or `all`' },
    expires: expires('Life of the key, such as 30d, 12h or `never` (default: 90d)'),
    use: { flags: '--use', summary: 'Store it and use it for this profile from now on' },
    plain: { flags: '--plain', summary: 'Print the secret alone' },
    out: { flags: '--out <file>', summary: 'Write the secret to a new file that only you can read' },
  },
  examples: [
    'snoop keys create --name laptop --scopes all --use',
    'snoop keys create --name ci --scopes projects:read --expires 30d --plain',
    'snoop keys create --name report --scopes read --org acme --out report.key',
  ],
})

export const listSpec = declareCommand({
  name: 'list',
  summary: 'List your keys',
  options: { all: { flags: '--all', summary: 'Expired, rotated, disabled and revoked ones too' } },
  examples: ['snoop keys list', 'snoop keys list --all --json'],
})

export const showSpec = declareCommand({
  name: 'show',
  summary: 'Show a key, never its secret',
  arguments: [key],
  examples: ['snoop keys show laptop'],
})

export const rotateSpec = declareCommand({
  name: 'rotate',
  summary: 'Replace the secret of a key',
  description:
    'Without a name: the key that this profile uses. Its new secret is stored and checked before the old one ends, and is not shown; that of another key is printed once. Run it again when it was interrupted: it goes on where it stopped.',
  arguments: [{ name: '[key]', summary: 'Id or name of a key' }],
  options: {
    grace: {
      flags: '--grace <duration>',
      summary: 'How long the old secret stays good (default: not at all)',
    },
    expires: expires('Life of the new key, such as 90d (default: the expiry stays)'),
  },
  examples: ['snoop keys rotate', 'snoop keys rotate ci --grace 10m --expires 90d'],
})

export const revokeSpec = declareCommand({
  name: 'revoke',
  summary: 'Revoke keys; they are refused from the next request on',
  arguments: [{ name: '<key...>', summary: 'Ids or names of keys' }],
  options: {
    yesLockMeOut: { flags: '--yes-lock-me-out', summary: 'Also the key that this profile uses' },
  },
  examples: ['snoop keys revoke ci', 'snoop keys revoke ci report --yes'],
})

export const commands = [
  command(createSpec, () => import('../commands/keys/create')),
  command(listSpec, () => import('../commands/keys/list')),
  command(showSpec, () => import('../commands/keys/show')),
  command(rotateSpec, () => import('../commands/keys/rotate')),
  command(revokeSpec, () => import('../commands/keys/revoke')),
]
