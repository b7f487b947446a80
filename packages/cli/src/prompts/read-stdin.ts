import { addAbortSignal } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { CommandContext } from '../context'

/** All of stdin as text. Ctrl-C ends the wait for it. */
export const readStdin = ({ around: { stdin }, signal }: CommandContext): Promise<string> =>
  text(addAbortSignal(signal, stdin))
