import { CliError } from '../../cli-error'
import { EXIT } from '../../exit-codes'
import { shellWord } from '../shell-word'
import type { CheckedLog } from './check-log'

/** Where the log that was verified comes from, as it was typed. */
export interface VerifiedFrom {
  readonly file: string | undefined
  readonly chain: string | undefined
  readonly anchor: string | undefined
}

/** More is no help to a person; `--json` has them. */
const SHOWN_FINDINGS = 10

const verifyCommand = ({ file, chain, anchor }: VerifiedFrom): string => {
  const flags = Object.entries({ file, chain, anchor }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${shellWord(value)}`],
  )
  return ['snoop audit verify', ...flags, '--json'].join(' ')
}

/** Entries that came between an export and the asking for its ends look as if they were cut off. */
const mayBeOlderThanChain = ({ chain, verification }: CheckedLog): boolean => {
  const { findings, findingCount, lastSequence } = verification
  const [only] = findings
  return (
    findingCount === 1 &&
    only?.kind === 'missing' &&
    only.sequence === lastSequence + 1 &&
    only.lastSequence === chain.lastSequence
  )
}

/** What is wrong with a log that is not intact: exit 13. */
export const tampered = (checked: CheckedLog, from: VerifiedFrom): CliError => {
  const { findings, findingCount } = checked.verification
  const shown = findings.slice(0, SHOWN_FINDINGS).map(({ kind, message }) => `${message}. (${kind})`)
  const more = findingCount - shown.length
  const older =
    from.chain !== undefined && mayBeOlderThanChain(checked)
      ? ['The chain may be newer than the export: fetch the chain first, then the export, and verify those.']
      : []
  return new CliError(
    [...shown, ...(more > 0 ? [`And ${more.toLocaleString('en')} more.`] : [])].join('\n'),
    {
      code: 'audit.tampered',
      exit: EXIT.TAMPERED,
      hint: [
        ...older,
        'Keep the log and its export as they are, and find out who can change the database.',
        `All findings:  ${verifyCommand(from)}`,
      ].join('\n'),
    },
  )
}
