import { CliError } from '../../cli-error'
import { EXIT } from '../../exit-codes'

const BLOCK_LENGTH = 64 * 1024

const cutOff = (): CliError =>
  new CliError('The export broke off in the middle of a line.', {
    code: 'export.cut_off',
    exit: EXIT.UNREACHABLE,
    hint: 'Try again.',
  })

/**
 * Lines in blocks that are worth a write each.
 * @param begin asks for the lines, each with its line break; not called before the first block is wanted
 * @throws CliError (exit 9) if the last line has no break
 */
export async function* inBlocks(
  begin: () => Promise<AsyncIterable<string>>,
): AsyncGenerator<string, void, undefined> {
  let block = ''
  for await (const line of await begin()) {
    block += line
    if (block.length < BLOCK_LENGTH) continue
    yield block
    block = ''
  }
  if (block !== '' && !block.endsWith('\n')) throw cutOff()
  if (block !== '') yield block
}
