import type { Paint } from './color'
import { tableLines } from './table'
import { jsonText, terminalSafe, terminalSafeLine, tsvCell } from './terminal-text'
import type { TextStream } from './text-stream'

/** One column of a list, or one line of a single thing. */
export interface Field<T> {
  readonly label: string
  /** The whole value, times in ISO, for programs. */
  readonly value: (item: T) => string
  /** The same for a person's eyes, where that differs. */
  readonly human?: (item: T) => string
  /** What `--quiet` prints of a list. */
  readonly isId?: true
  /** May be cut off in a table that is too wide for the terminal. */
  readonly isCuttable?: true
}

export interface OutputOptions {
  readonly stdout: TextStream
  readonly stderr: TextStream
  readonly json: boolean
  readonly quiet: boolean
  /** Styles for stderr; stdout holds data and gets none but for the heads of tables. */
  readonly paint: Paint
  readonly stdoutPaint: Paint
}

/** The only writer: data on stdout, remarks on stderr. */
export interface Output {
  readonly json: boolean
  /** A person reads stdout. */
  readonly isHuman: boolean
  readonly paint: Paint
  /** @param remark a line below the table, for a person */
  list<T>(items: readonly T[], fields: readonly Field<T>[], remark?: string): Promise<void>
  show<T>(item: T, fields: readonly Field<T>[]): Promise<void>
  /** The end of a change: a sentence for a person, the id for a pipe, the object as JSON. */
  done(sentence: string, id: string, object: unknown): Promise<void>
  /** A line of data. */
  text(text: string): Promise<void>
  /** Data as it is, no line break added. */
  raw(text: string): Promise<void>
  value(value: unknown): Promise<void>
  /** A file, for a pipe. */
  bytes(bytes: Uint8Array): Promise<void>
  /** A remark that nobody misses in a pipe. */
  note(text: string): void
  warn(text: string): void
}

const DEFAULT_COLUMNS = 80

const writeAll = (stream: TextStream, text: string | Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(text, error => (error ? reject(error) : resolve()))
  })

export const createOutput = ({ stdout, stderr, json, quiet, paint, stdoutPaint }: OutputOptions): Output => {
  const isHuman = stdout.isTTY === true && !json
  const raw = (text: string): Promise<void> => (text === '' ? Promise.resolve() : writeAll(stdout, text))
  const text = (line: string): Promise<void> => raw(`${isHuman ? terminalSafe(line) : line}\n`)
  const value = (data: unknown): Promise<void> => raw(`${jsonText(data, stdout.isTTY ? 2 : 0)}\n`)
  const remark = (line: string): void => {
    if (!quiet && !json) stderr.write(`${terminalSafe(line)}\n`)
  }
  const humanCell =
    <T>(item: T) =>
    ({ value: read, human }: Field<T>): string =>
      terminalSafeLine((human ?? read)(item))

  return {
    json,
    isHuman,
    paint,
    text,
    raw,
    value,
    bytes: data => writeAll(stdout, data),
    async list(items, fields, footer) {
      if (json) return value(items)
      const printed = quiet ? fields.filter(field => field.isId) : fields
      if (quiet || !isHuman) {
        return raw(
          items.map(item => `${printed.map(field => tsvCell(field.value(item))).join('\t')}\n`).join(''),
        )
      }
      if (items.length > 0) {
        const rows = [fields.map(field => field.label), ...items.map(item => fields.map(humanCell(item)))]
        const cuttable = fields.map(field => field.isCuttable === true)
        const [head = '', ...lines] = tableLines(rows, cuttable, stdout.columns || DEFAULT_COLUMNS)
        await raw([stdoutPaint.dim(head), ...lines, ''].join('\n'))
      }
      if (footer !== undefined) remark(footer)
    },
    async show(item, fields) {
      if (json) return value(item)
      if (!isHuman) {
        return raw(fields.map(field => `${field.label}\t${tsvCell(field.value(item))}\n`).join(''))
      }
      const width = Math.max(...fields.map(field => field.label.length))
      const lines = fields.map(
        field => `${stdoutPaint.dim(field.label.padEnd(width))}  ${humanCell(item)(field)}\n`,
      )
      await raw(lines.join(''))
    },
    async done(sentence, id, object) {
      if (json) return value(object)
      if (quiet) return
      if (isHuman) return raw(`${stdoutPaint.green('✓')} ${terminalSafe(sentence)}\n`)
      if (id !== '') await text(id)
    },
    note: remark,
    warn: line => {
      if (!json) stderr.write(`${paint.yellow('!')} ${terminalSafe(line)}\n`)
    },
  }
}
