import { CommanderError } from 'commander'
import { buildProgram, type ProgramStreams, type Selection } from './build-program'
import { usageError } from './cli-error'
import { COMMAND_TREE } from './command-tree'
import type { Command } from './define-command'

/** What a command line comes to: a command to run, or a text (help, version) to print. */
export type ParsedLine =
  | { readonly kind: 'run'; readonly selection: Selection }
  | { readonly kind: 'print'; readonly text: string }

/** What a secret key looks like, cut off or whole; the prefix of native keys can be another than `ba_`. */
const KEY_SHAPE = /\b(?:(?:ba|snpy|snt|sna)_[A-Za-z0-9]{20,}|[a-z]{2,8}_[A-Za-z0-9]{46}\b)/

/** The link of an invitation, or the API's path of one. */
const INVITATION_SHAPE = /\/invites[/#][\w-]{40,}/
/** 32 random bytes as base64url; a slug has no capitals. */
const TOKEN_SHAPE = /^(?=.*[A-Z])[\w-]{40,}$/

const refuseInvitations = (argv: readonly string[]): void => {
  const isAccepting = argv.includes('invites') && argv.includes('accept')
  const isInvitation = (word: string) =>
    INVITATION_SHAPE.test(word) || (isAccepting && TOKEN_SHAPE.test(word))
  if (!argv.some(isInvitation)) return
  throw usageError(
    'There is an invitation on the command line, where other users and your shell history can see it.',
    'Leave it out to be asked:  snoop invites accept\nOr give it by stdin:  snoop invites accept - < link.txt',
  )
}

const refuseSecrets = (argv: readonly string[]): void => {
  refuseInvitations(argv)
  if (!argv.some(word => KEY_SHAPE.test(word))) return
  throw usageError(
    'There is a secret key on the command line, where other users and your shell history can see it.',
    'Give it by SNOOP_API_KEY or SNOOP_API_KEY_FILE, or as JSON on stdin with --input -.\nRotate it now, since it has been seen:  snoop keys rotate',
  )
}

type LoadedGroups = ReadonlyMap<string, readonly Command[]>

/** The groups that the line may be about: those that any of its words names. One too many does no harm. */
const loadGroups = async (argv: readonly string[]): Promise<LoadedGroups> => {
  const named = COMMAND_TREE.flatMap(entry =>
    entry.kind === 'group' && argv.includes(entry.name) ? [entry] : [],
  )
  return new Map(await Promise.all(named.map(async ({ name, load }) => [name, await load()] as const)))
}

/** The help that is nearest to what was typed. */
const helpCommand = (argv: readonly string[], groups: LoadedGroups): string => {
  const [first, second] = argv.filter(word => !word.startsWith('-'))
  const entry = COMMAND_TREE.find(known => (known.kind === 'group' ? known.name : known.spec.name) === first)
  if (entry === undefined) return 'snoop --help'
  const commands = entry.kind === 'group' ? groups.get(entry.name) : undefined
  const child = commands?.find(({ spec }) => spec.name === second)
  return ['snoop', first, child?.spec.name, '--help'].filter(word => word !== undefined).join(' ')
}

/**
 * @param argv what stands after `snoop`
 * @throws CliError (exit 2) if the line makes no sense, or holds a secret; the secret is not repeated
 */
export const parseCommandLine = async (
  argv: readonly string[],
  version: string,
  look: Pick<ProgramStreams, 'columns' | 'colored'>,
): Promise<ParsedLine> => {
  refuseSecrets(argv)
  let printed = ''
  let complaint = ''
  let selection: Selection | undefined
  const streams = {
    ...look,
    writeOut: (text: string) => {
      printed += text
    },
    writeErr: (text: string) => {
      complaint += text
    },
  }
  const groups = await loadGroups(argv)
  const program = buildProgram(version, streams, groups, selected => {
    selection = selected
  })
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'print', text: printed }
    // A group by itself: commander prints its help as a complaint.
    if (error.code === 'commander.help') return { kind: 'print', text: complaint }
    const [message = '', ...suggestion] = error.message.replace(/^error: /, '').split('\n')
    throw usageError(
      `${message.charAt(0).toUpperCase()}${message.slice(1)}.`.replace(/\.\.$/, '.'),
      suggestion.join(' ') || `See:  ${helpCommand(argv, groups)}`,
    )
  }
  if (selection === undefined) return { kind: 'print', text: complaint || printed }
  return { kind: 'run', selection }
}
