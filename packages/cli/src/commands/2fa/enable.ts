import { CliError, usageError } from '../../cli-error'
import type { enableSpec } from '../../command-tree/two-factor'
import type { CommandContext } from '../../context'
import type { CommandInput, Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withFreshSession } from '../../http/fresh-session'
import { askUntilRight } from '../../prompts/ask-until-right'
import { readSecretLines } from '../../prompts/read-secret-lines'
import { type BackupCodesPlace, openBackupCodesPlace } from './backup-codes-output'
import { secretOf, showSecret } from './show-secret'

type Method = 'totp' | 'email'

const begin = (context: CommandContext, method: Method) =>
  withFreshSession(context, ({ client, call }) => client.twoFactor.enable({ method }, call))

const verify = (context: CommandContext, method: Method, code: string) =>
  withFreshSession(context, ({ client: { twoFactor }, call }) =>
    method === 'totp' ? twoFactor.verifyTotp({ code }, call) : twoFactor.verifyOtp({ code }, call),
  )

const askCode = async (context: CommandContext, method: Method): Promise<string> => {
  const prompts = await context.prompts()
  return prompts.text({
    message: method === 'totp' ? 'Code that the app shows now' : 'Code from the mail',
    validate: value => (/^\d{3} ?\d{3}$/.test(value.trim()) ? undefined : 'Six digits'),
  })
}

const reportOn = (context: CommandContext, method: Method): Promise<void> =>
  context.output.done('The second factor is on.', '', { enabled: true, method })

/** The code may have been taken, and the answer lost. */
const isUncertain = (error: unknown): boolean =>
  error instanceof CliError &&
  (error.details.exit === EXIT.UNREACHABLE || error.details.exit === EXIT.SERVER_FAULT)

/** For programs: what an app needs, and nothing asked. It is not on yet. */
const beginOnly = async (context: CommandContext, method: Method, place: BackupCodesPlace): Promise<void> => {
  const { totpURI, backupCodes } = await begin(context, method)
  await place.keep(backupCodes)
  await context.output.value({
    enabled: false,
    method,
    totpURI,
    secret: totpURI === null ? null : secretOf(totpURI),
    ...place.json(backupCodes),
  })
}

const enableAtTerminal = async (
  context: CommandContext,
  method: Method,
  place: BackupCodesPlace,
): Promise<void> => {
  const { totpURI, backupCodes } = await begin(context, method)
  await place.keep(backupCodes)
  try {
    if (totpURI !== null) await showSecret(context, totpURI)
    await askUntilRight(
      context,
      ['INVALID_CODE'],
      () => askCode(context, method),
      code => verify(context, method, code),
    )
  } catch (error) {
    if (isUncertain(error)) {
      context.output.warn('The second factor may be on now, or not. See:  snoop 2fa status')
      await place.show(backupCodes)
    } else {
      await place.discard()
    }
    throw error
  }
  await reportOn(context, method)
  await place.show(backupCodes)
}

const finish = async (
  context: CommandContext,
  method: Method,
  { backupCodesFile }: CommandInput<typeof enableSpec>['options'],
): Promise<void> => {
  if (backupCodesFile !== undefined) {
    throw usageError('The backup codes were given when this was begun: --backup-codes-file belongs there.')
  }
  const lines = { flag: '--code-stdin', names: ['the code'], needed: 1 }
  const [code = ''] = await readSecretLines(context, lines)
  await verify(context, method, code)
  await reportOn(context, method)
}

export const run: Run<typeof enableSpec> = async (context, { options }) => {
  const method = options.method ?? 'totp'
  if (options.codeStdin) {
    await finish(context, method, options)
    return EXIT.OK
  }
  const hasPerson = context.canAsk && context.output.isHuman
  if (!hasPerson && !context.output.json) {
    throw usageError(
      'There is no terminal to show the secret on and to ask for a first code.',
      'Begin:   snoop 2fa enable --json\nFinish:  snoop 2fa enable --code-stdin < code.txt',
    )
  }
  const place = await openBackupCodesPlace(context, options.backupCodesFile)
  await (context.output.json ? beginOnly(context, method, place) : enableAtTerminal(context, method, place))
  return EXIT.OK
}
