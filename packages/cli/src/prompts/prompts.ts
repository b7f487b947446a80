export interface Choice<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly hint?: string
}

/**
 * Questions to a person at the terminal. Each rejects with `interrupted()` when the person presses Ctrl-C or Escape.
 * `validate` answers with what is wrong, or undefined.
 */
export interface Prompts {
  text(question: {
    readonly message: string
    readonly initial?: string
    readonly validate?: (value: string) => string | undefined
  }): Promise<string>
  /** The answer is not shown. */
  password(question: {
    readonly message: string
    readonly validate?: (value: string) => string | undefined
  }): Promise<string>
  confirm(question: { readonly message: string; readonly initial: boolean }): Promise<boolean>
  select<Value extends string>(question: {
    readonly message: string
    readonly options: readonly Choice<Value>[]
  }): Promise<Value>
  /** At least one is chosen. */
  multiselect<Value extends string>(question: {
    readonly message: string
    readonly options: readonly Choice<Value>[]
    readonly initial: readonly Value[]
  }): Promise<readonly Value[]>
}
