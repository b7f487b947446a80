import type { CommandContext } from '../../context'

const REMIND_AFTER_MS = 60_000

export interface ElapsedLine {
  show(elapsedMs: number): void
  /** Takes the line away. */
  clear(): void
}

const clockText = (milliseconds: number): string => {
  const seconds = Math.floor(milliseconds / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** How long something has taken so far, on stderr: a line that changes on a terminal, one each minute elsewhere. */
export const createElapsedLine = ({ around, flags, output }: CommandContext, text: string): ElapsedLine => {
  const { stderr } = around
  const isLive = stderr.isTTY === true && !flags.json && !flags.quiet
  let nextMs = REMIND_AFTER_MS
  return {
    show(elapsedMs) {
      const line = `${text} ${clockText(elapsedMs)}`
      if (isLive) {
        stderr.write(`\r\u001b[K${line}`)
      } else if (elapsedMs >= nextMs) {
        output.note(line)
        nextMs = elapsedMs + REMIND_AFTER_MS
      }
    },
    clear() {
      if (isLive) stderr.write('\r\u001b[K')
    },
  }
}
