import type { CommandContext } from '../../context'
import { jsonText } from '../../output/terminal-text'

/**
 * Prints the address of a page, and opens it if that was asked for.
 * @param answer what the server said, for `--json`
 * @param remark what to do there
 */
export const showPage = async (
  { around, output }: CommandContext,
  answer: { readonly url: string },
  { open, remark }: { readonly open: true | undefined; readonly remark: string },
): Promise<void> => {
  if (output.json) await output.raw(`${jsonText(answer, 0)}\n`)
  else await output.text(answer.url)
  const isOpen = open === true && (await around.openInBrowser(answer.url))
  if (open && !isOpen) output.warn('No browser could be opened here: open the address yourself.')
  output.note(remark)
}
