import type { CommandContext } from './context'
import type { ExitCode } from './exit-codes'

/** One option. Its key in `options` is the camelCase of its long flag. */
export interface OptionSpec {
  /** As commander takes it: `--name <text>` has a value, `--use` is a switch. */
  readonly flags: string
  readonly summary: string
  readonly choices?: readonly string[]
  /** May be given more than once; the handler gets all values in order. */
  readonly repeat?: true
}

export interface ArgumentSpec {
  /** `<id>` is needed, `[id]` is not, `<id...>` takes one or more, `[id...]` any number. */
  readonly name: string
  readonly summary: string
  readonly choices?: readonly string[]
}

/** How a command looks from outside. */
export interface CommandSpec {
  readonly name: string
  /** One line, imperative, no full stop. */
  readonly summary: string
  /** What the summary does not say. */
  readonly description?: string
  readonly arguments?: readonly ArgumentSpec[]
  readonly options?: Readonly<Record<string, OptionSpec>>
  /** Command lines that work as they stand. */
  readonly examples?: readonly string[]
}

type OptionValue<S extends OptionSpec> = S extends { repeat: true }
  ? readonly string[]
  : S extends { choices: readonly (infer Choice)[] }
    ? Choice
    : S extends { flags: `${string}<${string}` }
      ? string
      : true

type Word<A extends ArgumentSpec> = A extends { choices: readonly (infer Choice)[] } ? Choice : string

type ArgumentValue<A extends ArgumentSpec> = A['name'] extends `<${string}...>` | `[${string}...]`
  ? readonly Word<A>[]
  : A['name'] extends `<${string}>`
    ? Word<A>
    : Word<A> | undefined

type OptionsOf<S extends CommandSpec> = S extends { options: infer O extends Record<string, OptionSpec> }
  ? { readonly [K in keyof O]: OptionValue<O[K]> | undefined }
  : Record<never, never>

type ArgumentsOf<S extends CommandSpec> = S extends { arguments: infer A extends readonly ArgumentSpec[] }
  ? { readonly [I in keyof A]: ArgumentValue<A[I]> }
  : readonly []

/** What was typed, in the shape that the spec promises. */
export interface CommandInput<S extends CommandSpec> {
  readonly args: ArgumentsOf<S>
  readonly options: OptionsOf<S>
}

/** The work of a command. It answers with the exit code, and throws `CliError` for a failure that is to be shown. */
export type Run<S extends CommandSpec> = (
  context: CommandContext,
  input: CommandInput<S>,
) => Promise<ExitCode>

/** A command as the program sees it once the types of its input are checked. */
export interface Command {
  readonly kind: 'command'
  readonly spec: CommandSpec
  readonly load: () => Promise<(context: CommandContext, input: never) => Promise<ExitCode>>
}

/** Commands under one word. They are loaded when the word is typed: every start of the program loads the word alone. */
export interface CommandGroup {
  readonly kind: 'group'
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<readonly Command[]>
}

/** Declares how a command looks, keeping its literal types for the handler. */
export const declareCommand = <const S extends CommandSpec>(spec: S): S => spec

/**
 * Ties a declaration to the module that does its work.
 * @param load imports the module; called only when the command runs
 */
export const command = <S extends CommandSpec>(
  spec: S,
  load: () => Promise<{ readonly run: Run<S> }>,
): Command => ({ kind: 'command', spec, load: async () => (await load()).run })

/** @param load imports the module that declares the commands */
export const group = (
  name: string,
  summary: string,
  load: () => Promise<{ readonly commands: readonly Command[] }>,
): CommandGroup => ({ kind: 'group', name, summary, load: async () => (await load()).commands })
