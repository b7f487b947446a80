import { type CreatedApiKey, KEY_FORMATS, type KeyFormat, type KeyScope } from '@snoop/sdk'
import { usageError } from '../../cli-error'
import type { createSpec } from '../../command-tree/keys'
import type { CommandContext } from '../../context'
import { NEEDS_SESSION } from '../../credentials/choose-credential'
import { withCredentialLock } from '../../credentials/credential-locks'
import { prepareStore, storeName } from '../../credentials/prepare-store'
import { currentAccount } from '../../credentials/session'
import { keepKey } from '../../credentials/stored-key'
import type { CommandInput, Run } from '../../define-command'
import { parseDuration } from '../../duration'
import { EXIT } from '../../exit-codes'
import type { OpenClient } from '../../http/open-client'
import { findOrganization } from '../../http/organizations'
import { firstCall } from '../../http/surface-hints'
import { withClient } from '../../http/with-client'
import { relativeTime } from '../../output/relative-time'
import { askText } from '../../prompts/ask'
import { refuseExistingFile, refuseUnwritablePlace, writeSecretFile } from '../secret-file'
import { shellWord } from '../shell-word'
import { confirmEnding } from './confirm-ending'
import { namesOf } from './find-key'
import { parseLimits } from './parse-limits'
import { parsePermissions } from './parse-permissions'
import { parseScopes, scopesOfFormat } from './parse-scopes'
import { withFlagNames } from './with-flag-names'

type Options = CommandInput<typeof createSpec>['options']

/** Where the secret goes: exactly one place. */
type Destination =
  | { readonly kind: 'store' }
  | { readonly kind: 'print' }
  | { readonly kind: 'file'; readonly path: string }

const DEFAULT_LIFE = '90d'

const askScopes = async (
  context: CommandContext,
  { scopes: given, permission, format = 'ba' }: Options,
): Promise<readonly KeyScope[]> => {
  if (given !== undefined) return parseScopes(given, format)
  // A key of a surface without scopes may do all of it, and one for resources needs none.
  if (format !== 'ba' || permission !== undefined) return []
  if (!context.canAsk)
    throw usageError(
      '--scopes is missing, and there is nobody to ask.',
      'Add --scopes read, --scopes all or --scopes a,b',
    )
  const prompts = await context.prompts()
  return prompts.multiselect({
    message: 'What may it do?',
    options: scopesOfFormat(format).map(scope => ({ value: scope, label: scope })),
    initial: [...parseScopes('read')],
  })
}

const askDestination = async (
  context: CommandContext,
  { use, plain, out, format = 'ba' }: Options,
): Promise<Destination> => {
  if ([use, plain, out].filter(given => given !== undefined).length > 1) {
    throw usageError('--use, --plain and --out exclude one another: a secret goes to one place.')
  }
  if (use && format !== 'ba')
    throw usageError(
      `--use keeps a key for the commands of snoop; one of the format ${format} is good for the surface ${KEY_FORMATS[format].surface} alone.`,
      'Give --plain or --out <file>',
    )
  if (use) return { kind: 'store' }
  if (out !== undefined) return { kind: 'file', path: out }
  if (plain || format !== 'ba' || !context.canAsk || context.output.json || !context.output.isHuman)
    return { kind: 'print' }
  const prompts = await context.prompts()
  const kind = await prompts.select({
    message: 'Where to?',
    options: [
      { value: 'store', label: 'Keep it here and use it from now on', hint: 'never shown' },
      { value: 'print', label: 'Show it once', hint: 'for another program' },
    ],
  })
  return { kind }
}

/** A key of which an account has one alone never expires, unless somebody wants it. */
const readLife = ({ expires, format = 'ba' }: Options): number | null => {
  const life = expires ?? (KEY_FORMATS[format].live === 'one' ? 'never' : DEFAULT_LIFE)
  return life === 'never' ? null : parseDuration(life, '--expires')
}

const readPin = async (context: CommandContext, open: OpenClient): Promise<string | null> => {
  const { org } = await context.settings()
  return org?.source === '--org' ? (await findOrganization(open, org.value)).id : null
}

/** Puts the secret where it belongs. If that fails nobody will ever have it, and the key is revoked again. */
const deliver = async (
  context: CommandContext,
  { client, call }: OpenClient,
  created: CreatedApiKey,
  work: () => Promise<void>,
): Promise<void> => {
  try {
    await work()
  } catch (error) {
    const revoked = await client.apiKeys.delete({ keyId: created.id }, call).then(
      () => true,
      () => false,
    )
    context.output.warn(
      revoked
        ? 'The new key was revoked again, since its secret could not be kept.'
        : `Key ${created.id} was made, but its secret could not be kept. Revoke it:  snoop keys revoke ${created.id}`,
    )
    throw error
  }
}

const report = async (
  context: CommandContext,
  created: CreatedApiKey,
  destination: Destination,
  format: KeyFormat,
): Promise<void> => {
  const { output, around } = context
  const { key, ...record } = created
  const life = `expires ${relativeTime(created.expiresAt, around.now())}`
  if (destination.kind === 'print') {
    if (output.json) await output.value(created)
    else await output.text(key)
    output.note(`  Key ${created.name} (${created.id}), ${life}. It is shown this once.`)
    return
  }
  const where =
    destination.kind === 'file' ? destination.path : storeName((await context.settings()).store.value)
  await output.done(`Key ${created.name} (${created.id}) is in ${where}, ${life}.`, created.id, record)
  if (destination.kind === 'store') output.note('  This profile uses it from now on.')
  else if (format !== 'ba')
    output.note(`  Use it:  ${firstCall(KEY_FORMATS[format].surface, shellWord(destination.path))}`)
}

export const run: Run<typeof createSpec> = async (context, { options }) => {
  const { format = 'ba' } = options
  const expiresIn = readLife(options)
  const limits = parseLimits(options.rate, options.refill)
  const permissions = options.permission && parsePermissions(options.permission)
  if (options.out !== undefined) {
    await refuseExistingFile(options.out)
    await refuseUnwritablePlace(options.out)
  }
  const name = await askText(context, options.name, {
    flag: '--name',
    message: 'What is the key for?',
    initial: context.around.hostName,
  })
  const scopes = await askScopes(context, options)
  const destination = await askDestination(context, options)
  if (destination.kind === 'store') await prepareStore(context)

  const before = (await currentAccount(context)).key
  // A key makes keys of the native format alone.
  const need = format === 'ba' ? ({ prefer: 'session', scopes: ['api-keys:write'] } as const) : NEEDS_SESSION
  const ended = await confirmEnding(context, format)
  const created = await withFlagNames(() =>
    withClient(context, need, async open => {
      const organizationId = await readPin(context, open)
      const metadata = organizationId === null ? null : { organizationId }
      const answer = await open.client.apiKeys.create(
        {
          name,
          ...(format !== 'ba' && { format }),
          scopes: [...scopes],
          ...(permissions && { permissions }),
          ...limits,
          expiresIn,
          metadata,
        },
        open.call,
      )
      const { key: secret, id, expiresAt } = answer
      await deliver(context, open, answer, async () => {
        if (destination.kind === 'file') await writeSecretFile(destination.path, secret)
        if (destination.kind !== 'store') return
        const record = { id, name, scopes: answer.scopes, organizationId, expiresAt }
        await withCredentialLock(context, 'key', () => keepKey(context, secret, record))
      })
      return answer
    }),
  )
  await report(context, created, destination, format)
  if (ended.length > 0) context.output.note(`  Ended: ${namesOf(ended)}.`)
  if (destination.kind === 'store' && before !== null) {
    context.output.warn(
      `Key ${before.name} was used before; it is still good, but not kept here. Revoke it:  snoop keys revoke ${before.id}`,
    )
  }
  return EXIT.OK
}
