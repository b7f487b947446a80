import type { CommandContext } from '../../context'
import { createQrCode, drawQrCode, qrWidth } from '../../output/qr-code'

const DEFAULT_COLUMNS = 80

/** The secret in an `otpauth:` URI (the Key Uri Format of Google Authenticator), in base32. */
export const secretOf = (uri: string): string => new URL(uri).searchParams.get('secret') ?? ''

/** The QR code, or undefined where it could not be read: no terminal, one that knows no colours, or too narrow a one. */
const drawn = async (
  { around: { stdout, env } }: CommandContext,
  uri: string,
): Promise<string | undefined> => {
  if (stdout.isTTY !== true || env.TERM === 'dumb') return undefined
  const qr = await createQrCode(uri)
  return qrWidth(qr) > (stdout.columns || DEFAULT_COLUMNS) ? undefined : `${drawQrCode(qr).join('\n')}\n`
}

/** Shows an authenticator's secret: as a QR code where one can be read, and in groups for typing by hand. */
export const showSecret = async (context: CommandContext, uri: string): Promise<void> => {
  const { output } = context
  const picture = await drawn(context, uri)
  const groups = secretOf(uri).replace(/(.{4})(?=.)/g, '$1 ')
  if (picture === undefined) {
    output.note('There is no room for a QR code here. Type this secret into your authenticator app:')
    await output.text(groups)
    return
  }
  output.note('Scan this with your authenticator app, or type in the secret:')
  await output.text(groups)
  await output.raw(picture)
}
