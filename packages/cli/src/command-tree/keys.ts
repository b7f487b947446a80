import { command, declareCommand } from '../define-command'
import { API_KEY_STATES, KEY_FORMAT_NAMES } from '../key-words'

const key = { name: '<key>', summary: 'Id or name of a key' } as const
const expires = (summary: string) => ({ flags: '--expires <duration>', summary }) as const

const rate = {
  flags: '--rate <limit>',
  summary: 'Requests in a length of time, such as 100/1m, or `off` (default: what the server gives)',
} as const
const refill = {
  flags: '--refill <amount>',
  summary: 'Instead of windows: requests that come back in a length of time, such as 10/10s, or `off`',
} as const
const permission = {
  flags: '--permission <rule>',
  summary:
    'What it may do to a resource of the snaapi surface: posts:read=id,title or posts:delete (may be repeated), or `none`',
  repeat: true,
} as const
const yesLockMeOut = {
  flags: '--yes-lock-me-out',
  summary: 'Also the key that this profile uses',
} as const
const name = { flags: '--name <name>', summary: 'What the key is for' } as const

export const createSpec = declareCommand({
  name: 'create',
  summary: 'Make a key, such as a personal access token',
  description:
    'The secret is shown once, written to a file, or put into the credential store without being shown. --org pins the key to that organization. The format says what it is good for: `ba` the native API, `snpy` snipy, `snt` snaptrack (an account has one; a new one ends the old), `sna` snaapi. A key of a surface that is given neither scopes nor permissions may do all of it; it acts in the organization that it is pinned to, else in your oldest one.',
  options: {
    name,
    format: {
      flags: '--format <format>',
      summary: 'What it is good for (default: ba)',
      choices: KEY_FORMAT_NAMES,
    },
    scopes: { flags: '--scopes <list>', summary: 'Scopes with commas between, or `read`, or `all`' },
    permission,
    rate,
    refill,
    expires: expires('Life of the key, such as 30d, 12h or `never` (default: 90d; of the format snt: never)'),
    use: { flags: '--use', summary: 'Store it and use it for this profile from now on' },
    plain: { flags: '--plain', summary: 'Print the secret alone' },
    out: { flags: '--out <file>', summary: 'Write the secret to a new file that only you can read' },
  },
  examples: [
    'snoop keys create --name laptop --scopes all --use',
    'snoop keys create --name ci --scopes projects:read --expires 30d --plain',
    'snoop keys create --name report --scopes read --org acme --out report.key',
    'snoop keys create --name blog --format sna --permission posts:read=id,title --rate 100/1m --refill 10/10s --out blog.key',
    'snoop keys create --name monitor --format snt --out snaptrack.key',
  ],
})

export const listSpec = declareCommand({
  name: 'list',
  summary: 'List your keys',
  options: {
    all: { flags: '--all', summary: 'Expired, rotated, disabled and revoked ones too' },
    state: { flags: '--state <state>', summary: 'Only keys in this state', choices: API_KEY_STATES },
    format: { flags: '--format <format>', summary: 'Only keys of this format', choices: KEY_FORMAT_NAMES },
    unused: {
      flags: '--unused <duration>',
      summary: 'Only keys that were not used for so long, such as 60d',
    },
    expiring: { flags: '--expiring <duration>', summary: 'Only keys that expire within a time, such as 14d' },
    search: { flags: '--search <text>', summary: 'Only keys whose name or beginning has this in it' },
  },
  examples: [
    'snoop keys list',
    'snoop keys list --unused 60d --quiet',
    'snoop keys list --format snt',
    'snoop keys list --all --json',
  ],
})

export const showSpec = declareCommand({
  name: 'show',
  summary: 'Show a key, never its secret',
  arguments: [key],
  examples: ['snoop keys show laptop'],
})

export const updateSpec = declareCommand({
  name: 'update',
  summary: 'Change the name, life, permissions or limits of a key',
  description: 'Scopes, format and organization are fixed when a key is made.',
  arguments: [key],
  options: {
    name,
    permission,
    anyPermission: {
      flags: '--any-permission',
      summary: 'All that the role of its owner allows (format sna)',
    },
    rate,
    refill,
    expires: expires('Life of the key from now on, such as 30d, or `never`'),
  },
  examples: ['snoop keys update ci --rate 500/1m', 'snoop keys update blog --permission posts:read=id,title'],
})

export const verifySpec = declareCommand({
  name: 'verify',
  summary: 'Check whether a key is good, by the server',
  description:
    'Answers for your own keys and those pinned to organizations that you manage. The key is asked for, or read from stdin or a file: an argument could be seen by others. A key that is not good is exit 6, one at its limit exit 7.',
  options: {
    file: { flags: '--file <file>', summary: 'Read the key from a file' },
    scopes: { flags: '--scopes <list>', summary: 'Scopes that it must have' },
  },
  examples: ['snoop keys verify --file report.key', 'snoop keys verify --scopes projects:read < report.key'],
})

export const disableSpec = declareCommand({
  name: 'disable',
  summary: 'Disable keys until they are enabled again',
  arguments: [{ name: '<key...>', summary: 'Ids or names of keys' }],
  options: { yesLockMeOut },
  examples: ['snoop keys disable ci'],
})

export const enableSpec = declareCommand({
  name: 'enable',
  summary: 'Enable keys that were disabled',
  arguments: [{ name: '<key...>', summary: 'Ids or names of keys' }],
  examples: ['snoop keys enable ci'],
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
  options: { yesLockMeOut },
  examples: ['snoop keys revoke ci', 'snoop keys revoke ci report --yes'],
})

export const commands = [
  command(createSpec, () => import('../commands/keys/create')),
  command(listSpec, () => import('../commands/keys/list')),
  command(showSpec, () => import('../commands/keys/show')),
  command(updateSpec, () => import('../commands/keys/update')),
  command(verifySpec, () => import('../commands/keys/verify')),
  command(disableSpec, () => import('../commands/keys/disable')),
  command(enableSpec, () => import('../commands/keys/enable')),
  command(rotateSpec, () => import('../commands/keys/rotate')),
  command(revokeSpec, () => import('../commands/keys/revoke')),
]
