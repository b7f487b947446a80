import type { PaymentResult } from '@snoop/sdk/contract'
import { CliError } from '../../cli-error'
import type { CommandContext } from '../../context'
import { EXIT, type ExitCode } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { jsonText } from '../../output/terminal-text'
import { untilStopped } from '../until-stopped'
import { whileAway } from '../while-away'
import { withoutSpinner } from '../without-spinner'
import { createElapsedLine } from './elapsed-line'

const ASK_EVERY_MS = 3000

const pollUntilSettled = (
  context: CommandContext,
  organizationId: string,
  sessionId: string,
): Promise<PaymentResult> => {
  const { around, signal } = context
  const elapsed = createElapsedLine(context, 'Waiting for the payment')
  const startedMs = around.now()
  const poll = async (ask: () => Promise<PaymentResult>): Promise<PaymentResult> => {
    for (;;) {
      const result = await whileAway(context, ask)
      if (result.status !== 'open') return result
      elapsed.show(around.now() - startedMs)
      await around.sleep(ASK_EVERY_MS, signal)
    }
  }
  return withClient(
    withoutSpinner(context),
    { prefer: 'key', scopes: ['subscription:write'] },
    ({ client, call }) => poll(() => client.payments.verify({ organizationId, sessionId }, call)),
  ).finally(elapsed.clear)
}

/**
 * Waits until a checkout is paid, and says so. Ctrl-C stops the waiting alone.
 * @param what is bought, as the sentence says it
 * @throws CliError (exit 6) if the checkout ends unpaid
 */
export const waitForPayment = (
  context: CommandContext,
  organizationId: string,
  sessionId: string,
  what: (result: PaymentResult) => string,
): Promise<ExitCode> =>
  untilStopped(context, async () => {
    const { output } = context
    const result = await pollUntilSettled(context, organizationId, sessionId)
    if (result.status !== 'complete') {
      throw new CliError('This checkout has ended; nothing was paid.', {
        code: 'checkout.expired',
        exit: EXIT.REFUSED,
        hint: 'Begin again:  snoop billing checkout',
      })
    }
    if (output.json) await output.raw(`${jsonText(result, 0)}\n`)
    else await output.done(`Paid: ${what(result)}.`, '', result)
    return EXIT.OK
  })
