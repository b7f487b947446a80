import type { AuditEntry } from '../../contract'

/**
 * - `altered`: an entry is not as it was written.
 * - `missing`: entries are not there.
 * - `reordered`: an entry stands where another one was written, or out of its turn.
 * - `forged`: hash and content fit, but the server never signed them.
 * - `unreadable`: a line is no entry.
 */
export type AuditFindingKind = 'altered' | 'missing' | 'reordered' | 'forged' | 'unreadable'

/** Something that is wrong with an audit log. */
export interface AuditFinding {
  readonly kind: AuditFindingKind
  /** The first entry that it is about, or whose place it takes. */
  readonly sequence: number
  /** The last one; `sequence` again where it is about one. */
  readonly lastSequence: number
  /** A sentence for people. */
  readonly message: string
}

interface Note {
  kind: AuditFindingKind
  sequence: number
  lastSequence: number
  /** In place of the sentence of its kind. */
  message?: string
  /** One whose hash does not fit, which may turn out to stand in the place of another. */
  entry?: AuditEntry
}

/** More than anybody reads; the rest is counted. */
const MOST_FINDINGS = 100

const SENTENCES: Readonly<Record<AuditFindingKind, { readonly one: string; readonly many: string }>> = {
  altered: { one: 'is not as it was written', many: 'are not as they were written' },
  missing: { one: 'is missing', many: 'are missing' },
  reordered: { one: 'is out of its turn', many: 'are out of their turn' },
  forged: { one: 'was not signed by the server', many: 'were not signed by the server' },
  unreadable: { one: 'cannot be read', many: 'cannot be read' },
}

const describe = ({ kind, sequence, lastSequence, message }: Note): string => {
  if (message !== undefined) return message
  const { one, many } = SENTENCES[kind]
  return sequence === lastSequence
    ? `Entry ${sequence} ${one}`
    : `Entries ${sequence} to ${lastSequence} ${many}`
}

/** What was found so far: the first hundred, and how many. */
export class AuditFindings {
  private readonly notes: Note[] = []
  private uncounted = 0

  get count(): number {
    return this.notes.length + this.uncounted
  }

  add(note: Note): void {
    const newest = this.notes.at(-1)
    const continues =
      note.kind === 'forged' && newest?.kind === 'forged' && newest.lastSequence + 1 === note.sequence
    if (continues && this.uncounted === 0) newest.lastSequence = note.lastSequence
    else if (this.notes.length < MOST_FINDINGS) this.notes.push(note)
    else this.uncounted++
  }

  /**
   * An entry whose hash does not fit. If it was written under the number of another such entry, or that one under its
   * number, they were not altered but moved.
   * @param isWrittenAs whether an entry's hash fits its content under this number
   */
  addAltered(entry: AuditEntry, isWrittenAs: (entry: AuditEntry, sequence: number) => boolean): void {
    const { sequence } = entry
    const note: Note = { kind: 'altered', sequence, lastSequence: sequence, entry }
    const isKept = this.notes.length < MOST_FINDINGS
    this.add(note)
    if (!isKept) return
    for (const other of this.notes) {
      if (other === note || !other.entry) continue
      if (other.kind === 'altered' && isWrittenAs(other.entry, sequence)) markMoved(other, sequence)
      if (note.kind === 'altered' && isWrittenAs(entry, other.sequence)) markMoved(note, other.sequence)
    }
  }

  /** An entry that was taken for missing has come after all. @returns false if it was not */
  takeFromMissing(sequence: number): boolean {
    const at = this.notes.findIndex(
      note => note.kind === 'missing' && note.sequence <= sequence && sequence <= note.lastSequence,
    )
    const missing = this.notes[at]
    if (!missing) return false
    const before = { ...missing, lastSequence: sequence - 1 }
    const behind = { ...missing, sequence: sequence + 1 }
    const left = [before, behind].filter(note => note.sequence <= note.lastSequence)
    this.notes.splice(at, 1, ...left)
    return true
  }

  includes(sequence: number): boolean {
    return this.notes.some(note => note.sequence <= sequence && sequence <= note.lastSequence)
  }

  /** By the numbers of the entries. */
  list(): AuditFinding[] {
    return this.notes
      .map(note => ({
        kind: note.kind,
        sequence: note.sequence,
        lastSequence: note.lastSequence,
        message: describe(note),
      }))
      .sort((a, b) => a.sequence - b.sequence)
  }
}

const markMoved = (note: Note, writtenAs: number): void => {
  note.kind = 'reordered'
  note.message = `Entry ${note.sequence} is what was written as entry ${writtenAs}`
}
