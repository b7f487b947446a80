import { interrupted } from '../cli-error'
import type { Prompts } from '../prompts/prompts'

/** What a scripted person does at a question. */
export type ScriptedAnswer = string | boolean | readonly string[] | 'ctrl-c'

/**
 * A person at the terminal whose answers are known before.
 * @param asked gets the message of every question
 * @throws Error at a question that the script does not foresee, or whose answer the question refuses
 */
export const scriptedPrompts = (answers: readonly ScriptedAnswer[], asked: string[]): Prompts => {
  const rest = [...answers]
  const next = async <T>(message: string): Promise<T> => {
    asked.push(message)
    const answer = rest.shift()
    if (answer === undefined) throw new Error(`Nobody expected to be asked: ${message}`)
    if (answer === 'ctrl-c') throw interrupted()
    return answer as T
  }
  const checked = async (
    message: string,
    validate: ((value: string) => string | undefined) | undefined,
  ): Promise<string> => {
    const answer = await next<string>(message)
    const complaint = validate?.(answer)
    if (complaint !== undefined) throw new Error(`${message}: ${complaint}`)
    return answer
  }
  return {
    text: ({ message, validate }) => checked(message, validate),
    password: ({ message, validate }) => checked(message, validate),
    confirm: ({ message }) => next(message),
    select: ({ message }) => next(message),
    multiselect: ({ message }) => next(message),
  }
}
