import type { StreamedBody } from './wire'

/** How a stream ended: all of it was sent, its client went away, or we could not go on. */
export type StreamEnd =
  | { readonly outcome: 'sent' | 'client_gone' }
  | { readonly outcome: 'failed'; readonly cause: unknown }

/**
 * A body out of its pieces.
 * @param onEnd called once, when nothing more is sent
 */
export const streamedBody = (
  pieces: AsyncIterable<string>,
  onEnd: (end: StreamEnd) => void,
): StreamedBody => {
  let failure: StreamEnd | undefined
  async function* watched(): AsyncGenerator<string, void, undefined> {
    try {
      yield* pieces
    } catch (cause) {
      failure = { outcome: 'failed', cause }
      throw cause
    }
  }
  return {
    chunks: watched(),
    ended: isWhole => onEnd(failure ?? { outcome: isWhole ? 'sent' : 'client_gone' }),
  }
}
