const MAX_REASON = 300

/** What came of checking an answer of the browser. The reason is for the log: it may hold words of the caller. */
export type Verdict<T> =
  | { readonly outcome: 'verified'; readonly facts: T }
  | { readonly outcome: 'refused'; readonly reason: string }

/** Whatever `check` throws at an answer that anybody can have written is a refusal. */
export const judgeAnswer = async <T>(check: () => Promise<T>): Promise<Verdict<T>> => {
  try {
    return { outcome: 'verified', facts: await check() }
  } catch (error) {
    return { outcome: 'refused', reason: String(error).slice(0, MAX_REASON) }
  }
}
