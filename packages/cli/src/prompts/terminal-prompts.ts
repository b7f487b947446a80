import { type Readable, Writable } from 'node:stream'
import { interrupted } from '../cli-error'
import { terminalSafeLine } from '../output/terminal-text'
import type { Choice, Prompts } from './prompts'

export interface TerminalPromptOptions {
  readonly input: Readable
  /** Questions go to stderr: stdout is for data. */
  readonly output: NodeJS.WriteStream
  readonly signal: AbortSignal
  readonly colored: boolean
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence starts with one
const STYLES = /\u001b\[[\d;]*m/g

/** Passes everything on but the styles, which the library gives whether they are wanted or not. */
const withoutStyles = (output: NodeJS.WriteStream): Writable => {
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => void output.write(String(chunk).replace(STYLES, ''), () => done()),
  })
  return Object.assign(stream, { isTTY: output.isTTY, columns: output.columns, rows: output.rows })
}

const mutable = <Value extends string>(choices: readonly Choice<Value>[]) =>
  choices.map(choice => ({ ...choice, label: terminalSafeLine(choice.label) }))

/** Prompts by @clack/prompts, which is loaded at the first question. */
export const terminalPrompts = (options: TerminalPromptOptions): Prompts => {
  /** A question may hold words of the server. */
  const common = (message: string) => ({
    message: terminalSafeLine(message),
    input: options.input,
    output: options.colored ? options.output : withoutStyles(options.output),
    signal: options.signal,
    withGuide: false,
  })
  const load = () => import('@clack/prompts')
  const answered = <Value>(answer: Value): Exclude<Value, symbol> => {
    if (typeof answer === 'symbol') throw interrupted()
    return answer as Exclude<Value, symbol>
  }
  const check = (validate: ((value: string) => string | undefined) | undefined) => ({
    ...(validate && { validate: (value: string | undefined) => validate(value ?? '') }),
  })
  return {
    async text({ message, initial, validate }) {
      const { text } = await load()
      return answered(
        await text({ ...common(message), ...check(validate), ...(initial && { initialValue: initial }) }),
      )
    },
    async password({ message, validate }) {
      const { password } = await load()
      return answered(await password({ ...common(message), ...check(validate) }))
    },
    async confirm({ message, initial }) {
      const { confirm } = await load()
      return answered(await confirm({ ...common(message), initialValue: initial }))
    },
    async select<Value extends string>({
      message,
      options: choices,
    }: {
      message: string
      options: readonly Choice<Value>[]
    }) {
      const { select } = await load()
      return answered(await select<string>({ ...common(message), options: mutable(choices) })) as Value
    },
    async multiselect<Value extends string>({
      message,
      options: choices,
      initial,
    }: {
      message: string
      options: readonly Choice<Value>[]
      initial: readonly Value[]
    }) {
      const { multiselect } = await load()
      const chosen = await multiselect<string>({
        ...common(message),
        options: mutable(choices),
        initialValues: [...initial],
        required: true,
      })
      return answered(chosen) as Value[]
    },
  }
}
