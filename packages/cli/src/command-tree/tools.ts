import { command, declareCommand } from '../define-command'

export const apiSpec = declareCommand({
  name: 'api',
  summary: 'Call any endpoint',
  description:
    'Takes a path, a method and a path, or the name of an operation such as projects.list. `{org}` in a path stands for the organization in use. Fields go into the query of a GET and into the body otherwise; an operation knows where its fields belong. The surfaces snipy, snaptrack and snaapi are called with a key of theirs, given by SNOOP_API_KEY_FILE.',
  arguments: [
    { name: '[target]', summary: 'Operation, path, or method' },
    { name: '[path]', summary: 'Path, after a method' },
  ],
  options: {
    field: { flags: '-f, --field <key=value>', summary: 'Text field', repeat: true },
    typedField: {
      flags: '-F, --typed-field <key:=json>',
      summary: 'Field that is a number, boolean, list, …',
      repeat: true,
    },
    input: { flags: '--input <file>', summary: 'Read the JSON body from a file, or from stdin with -' },
    header: { flags: '-H, --header <name:value>', summary: 'Send a header along', repeat: true },
    include: { flags: '-i, --include', summary: 'Print status and headers too' },
    paginate: { flags: '--paginate', summary: 'Fetch every page; print one array of the items' },
    out: { flags: '--out <file>', summary: 'Write an image or another file that is answered to a new file' },
    list: { flags: '--list', summary: 'List the operations, or those that begin with the target' },
  },
  examples: [
    'snoop api --list',
    'snoop api --list snipy',
    'snoop api user.me',
    'snoop api /api/user/organizations/{org}/projects --paginate',
    'snoop api projects.create -f name=Shop',
    'snoop api snipy.addUrl -f url=https://example.com',
    'snoop api snipy.downloadQr -f id=1 --out code.png',
    'snoop api snaapi.listRows -f resource=posts -f title__ilike=%news% --paginate',
    'echo \'{"fullName":"Ada L."}\' | snoop api PUT /api/user/me --input -',
  ],
})

export const SHELLS = ['bash', 'zsh', 'fish'] as const

export const completionSpec = declareCommand({
  name: 'completion',
  summary: 'Print a completion script for your shell',
  arguments: [{ name: '<shell>', summary: 'bash, zsh or fish', choices: SHELLS }],
  examples: [
    'snoop completion bash > ~/.local/share/bash-completion/completions/snoop',
    'snoop completion fish > ~/.config/fish/completions/snoop.fish',
  ],
})

export const versionSpec = declareCommand({ name: 'version', summary: 'Print the version' })

export const toolCommands = [
  command(apiSpec, () => import('../commands/api')),
  command(completionSpec, () => import('../commands/completion')),
  command(versionSpec, () => import('../commands/version')),
]
