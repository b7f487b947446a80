import type { z } from 'zod'

/** One setting of the server: all that the reader, the help and the documents know of it. */
export interface Setting {
  /** On the command line, without the dashes. */
  readonly flag: string
  readonly env: string
  /** One line, no full stop. */
  readonly help: string
  /** What stands for the value in help, such as `FILE`. */
  readonly placeholder: string
  /** Takes the text of a flag or variable, or a JSON value of the file. Its messages complete "must be …". */
  readonly schema: z.ZodType
  /** In the form of the environment. */
  readonly default?: string
  /** For documents, where the default depends on other things. */
  readonly describedDefault?: string
  /** In the form of the environment. */
  readonly example: string
  /** Another variable that says the same in another form; `env` wins where both are given. */
  readonly otherEnv?: { readonly name: string; readonly schema: z.ZodType; readonly example: string }
  /** The flag may be given several times. */
  readonly repeatable?: true
  /** The value is a set of named entries: each source adds to, and wins over, the weaker ones. */
  readonly layered?: true
  /**
   * True: may hold a password. Its value is never shown, nor taken from the command line with a password in it. `always`:
   * holds secrets whatever it is, so the command line is no place for it, and its flag is refused.
   */
  readonly secret?: true | 'always'
  /** A flag without a value that stands for one value. */
  readonly shorthand?: { readonly flag: string; readonly value: string }
}

/** What a setting's value is once read. */
export type SettingValue<S extends Setting> = S extends { readonly default: string }
  ? z.output<S['schema']>
  : z.output<S['schema']> | undefined
