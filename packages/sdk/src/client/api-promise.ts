import type { ApiPromise, ResponseInfo } from './client-types'

interface Answer<Data> {
  readonly data: Data
  readonly response: ResponseInfo
}

/**
 * A promise of the data that can also give the whole answer. It hangs on the answer alone: were it a promise of its
 * own, reading only `withResponse()` would leave a rejection that nobody handles.
 */
class AnswerPromise<Data> extends Promise<Data> implements ApiPromise<Data> {
  readonly #answer: Promise<Answer<Data>>

  constructor(answer: Promise<Answer<Data>>) {
    super(() => {})
    this.#answer = answer
  }

  /** `then`, `catch` and `finally` give plain promises. */
  static override get [Symbol.species]() {
    return Promise
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  override then<A = Data, B = never>(
    onFulfilled?: ((data: Data) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#answer.then(({ data }) => data).then(onFulfilled, onRejected)
  }

  withResponse(): Promise<{ data: Data; response: ResponseInfo }> {
    return this.#answer
  }
}

/** Wraps the answer of a call that has been started. */
export const apiPromise = <Data>(answer: Promise<Answer<Data>>): ApiPromise<Data> => new AnswerPromise(answer)
