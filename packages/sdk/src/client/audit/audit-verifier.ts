import { type AuditChain, type AuditEntry, auditCheckpointText } from '../../contract'
import type { AuditCrypto } from './audit-crypto'
import { type AuditFinding, AuditFindings } from './audit-findings'
import { readAuditLine } from './read-audit-line'

/** An entry that an earlier verification has seen. */
export interface AuditAnchor {
  readonly sequence: number
  readonly hash: string
}

export interface AuditVerification {
  readonly isIntact: boolean
  /** How many entries were read. */
  readonly entryCount: number
  /** The newest entry that was read; of an intact log, the anchor for the next time. */
  readonly lastSequence: number
  readonly lastHash: string
  /** The first hundred, by the numbers of their entries. */
  readonly findings: readonly AuditFinding[]
  readonly findingCount: number
}

/** One good signature vouches for all entries that are chained to it. */
const BLOCK_SIZE = 1_000

/** Reads a log entry by entry and keeps no more of it than a block. */
export class AuditVerifier {
  private readonly findings = new AuditFindings()
  /** Number of the next entry. */
  private expected: number
  /** Hash of the entry before; undefined: it is not known, and what is wrong with it was told. */
  private previousHash: string | undefined
  /** Lines since the last entry that were none: each may stand for an entry. */
  private unreadable = 0
  /** Entries that are chained to one another, and not vouched for yet. */
  private block: Pick<AuditEntry, 'sequence' | 'hash' | 'signature'>[] = []
  private lineCount = 0
  private entryCount = 0
  private lastHash: string

  constructor(
    private readonly crypto: AuditCrypto,
    private readonly organizationId: string,
    private readonly chain: AuditChain,
    private readonly anchor: AuditAnchor | undefined,
  ) {
    const { checkpoint } = chain
    this.expected = (checkpoint?.sequence ?? 0) + 1
    this.lastHash = checkpoint?.hash ?? ''
    this.previousHash = this.lastHash
    this.checkCheckpoint()
  }

  add(line: string): void {
    this.lineCount++
    if (line.trim() === '') return
    const entry = readAuditLine(line)
    if (!entry) this.addUnreadable()
    else if (entry.sequence < this.expected) this.addLate(entry)
    else this.addNext(entry)
  }

  end(): AuditVerification {
    this.closeBlock()
    const lastSequence = this.expected - 1
    const lastHeld = lastSequence + this.unreadable
    const lastKnown = Math.max(this.chain.lastSequence, this.anchor?.sequence ?? 0)
    if (lastHeld < lastKnown)
      this.findings.add({ kind: 'missing', sequence: lastHeld + 1, lastSequence: lastKnown })
    const { count } = this.findings
    return {
      isIntact: count === 0,
      entryCount: this.entryCount,
      lastSequence,
      lastHash: this.lastHash,
      findings: this.findings.list(),
      findingCount: count,
    }
  }

  private checkCheckpoint(): void {
    const { checkpoint } = this.chain
    if (!checkpoint) return
    const { sequence, hash, signature } = checkpoint
    const text = auditCheckpointText(this.organizationId, checkpoint)
    if (!this.crypto.isSignatureOf(text, signature)) {
      const message = `The server did not sign that the entries up to ${sequence} were removed`
      this.findings.add({ kind: 'forged', sequence, lastSequence: sequence, message })
      this.previousHash = undefined
    } else this.checkKnownEnds(sequence, hash)
  }

  private addUnreadable(): void {
    this.closeBlock()
    const sequence = this.expected + this.unreadable
    const message = `Line ${this.lineCount}, where entry ${sequence} should stand, is no entry of an audit log`
    this.findings.add({ kind: 'unreadable', sequence, lastSequence: sequence, message })
    this.unreadable++
  }

  private addNext(entry: AuditEntry): void {
    const { sequence, hash, signature } = entry
    const gap = sequence - this.expected
    if (gap > 0) this.addGap(gap, sequence)
    const isWhole = this.crypto.hashOf(entry) === hash
    if (isWhole && this.previousHash !== undefined && entry.previousHash !== this.previousHash)
      this.addBrokenLink(entry)
    this.expected = sequence + 1
    this.unreadable = 0
    this.entryCount++
    this.lastHash = hash
    if (!isWhole) {
      this.addAltered(entry)
      return
    }
    this.previousHash = hash
    this.block.push({ sequence, hash, signature })
    if (this.block.length === BLOCK_SIZE) this.closeBlock()
    this.checkKnownEnds(sequence, hash)
  }

  private addGap(gap: number, next: number): void {
    this.closeBlock()
    this.previousHash = undefined
    if (gap > this.unreadable)
      this.findings.add({
        kind: 'missing',
        sequence: this.expected + this.unreadable,
        lastSequence: next - 1,
      })
  }

  private addAltered(entry: AuditEntry): void {
    this.closeBlock()
    this.previousHash = undefined
    this.findings.addAltered(
      entry,
      (candidate, sequence) => this.crypto.hashOf({ ...candidate, sequence }) === candidate.hash,
    )
  }

  /** Both entries are whole, so one of them has a hash that was made anew; or both were written, in different histories. */
  private addBrokenLink(entry: AuditEntry): void {
    const { sequence } = entry
    this.closeBlock()
    if (this.findings.includes(sequence - 1) || !this.crypto.isSigned(entry)) return
    const message = `Entry ${sequence} does not continue what is before it, though the server wrote both`
    this.findings.add({ kind: 'altered', sequence, lastSequence: sequence, message })
  }

  /** An entry whose turn is over. */
  private addLate(entry: AuditEntry): void {
    const { sequence } = entry
    this.entryCount++
    const wasMissing = this.findings.takeFromMissing(sequence)
    const place = { sequence, lastSequence: sequence }
    if (this.crypto.hashOf(entry) !== entry.hash) this.findings.add({ kind: 'altered', ...place })
    else if (!this.crypto.isSigned(entry)) this.findings.add({ kind: 'forged', ...place })
    else {
      const behind = `Entry ${sequence} stands behind entry ${this.expected - 1}`
      const message = wasMissing ? behind : `Entry ${sequence} is there more than once`
      this.findings.add({ kind: 'reordered', ...place, message })
    }
  }

  /** Checks the signature that vouches for the block; if it is wrong, each of the block. */
  private closeBlock(): void {
    const { block } = this
    const last = block.at(-1)
    this.block = []
    if (!last || this.crypto.isSigned(last)) return
    for (const { sequence, ...entry } of block) {
      if (!this.crypto.isSigned(entry))
        this.findings.add({ kind: 'forged', sequence, lastSequence: sequence })
    }
  }

  /** An entry that was told of elsewhere must be the same. */
  private checkKnownEnds(sequence: number, hash: string): void {
    const { lastSequence, lastHash } = this.chain
    const isOther =
      (sequence === lastSequence && hash !== lastHash) ||
      (sequence === this.anchor?.sequence && hash !== this.anchor.hash)
    if (!isOther) return
    this.closeBlock()
    if (this.findings.includes(sequence)) return
    const message = `Entry ${sequence} is not the one that the log ended with before`
    this.findings.add({ kind: 'altered', sequence, lastSequence: sequence, message })
  }
}
