import type { CommandContext } from '../context'

/** For work that itself prints while it goes on: a spinner would write into its lines. */
export const withoutSpinner = (context: CommandContext): CommandContext => ({
  ...context,
  spin: (_text, work) => work(),
})
