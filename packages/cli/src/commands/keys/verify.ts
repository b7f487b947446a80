import { readFile } from 'node:fs/promises'
import type { ApiKeyVerification, KeyFormat } from '@snoop/sdk'
import { CliError, usageError } from '../../cli-error'
import type { verifySpec } from '../../command-tree/keys'
import type { CommandContext } from '../../context'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { findOrganization } from '../../http/organizations'
import { withClient } from '../../http/with-client'
import { KEY_FORMAT_NAMES } from '../../key-words'
import { relativeTime } from '../../output/relative-time'
import { askSecret } from '../../prompts/ask'
import { readStdin } from '../../prompts/read-stdin'
import { parseScopes } from './parse-scopes'

/** A secret is no argument: everybody on the machine sees those. */
const readKey = async (context: CommandContext, path: string | undefined): Promise<string> => {
  if (path === undefined && context.canAsk) {
    const question = { what: 'the key', way: 'Give it by --file, or on stdin', message: 'Key' }
    return (await askSecret(context, question)).trim()
  }
  const text = await (path === undefined || path === '-' ? readStdin(context) : readFile(path, 'utf8')).catch(
    () => {
      throw usageError(`${path} cannot be read.`)
    },
  )
  const key = text.trim()
  if (key === '') throw usageError('There is no key in what was given.', 'snoop keys verify --file ci.key')
  return key
}

/** By its beginning; that of the native format is configured. */
const formatOf = (key: string): KeyFormat => KEY_FORMAT_NAMES.find(name => key.startsWith(`${name}_`)) ?? 'ba'

const WHY: Readonly<Record<string, string>> = {
  NOT_FOUND: 'no key of yours, or of an organization that you manage',
  DISABLED: 'disabled',
  EXPIRED: 'expired',
  REVOKED: 'revoked',
  USER_NOT_ACTIVE: 'of a disabled account',
  FORBIDDEN: 'not good for that organization, or its owner has left the one that it is for',
  INSUFFICIENT_SCOPES: 'without these scopes',
  RATE_LIMITED: 'at its limit',
}

const hintOf = ({ code, keyId, rateLimit }: ApiKeyVerification): string | undefined => {
  if (code === 'DISABLED') return `If it is yours:  snoop keys enable ${keyId}`
  if (code === 'RATE_LIMITED' && rateLimit) return `Wait ${rateLimit.reset} seconds.`
  return undefined
}

export const run: Run<typeof verifySpec> = async (context, { options }) => {
  const key = await readKey(context, options.file)
  const scopes = options.scopes === undefined ? [] : parseScopes(options.scopes, formatOf(key))
  const { org } = await context.settings()
  const need = { prefer: 'key', scopes: ['api-keys:read'] } as const
  const result = await withClient(context, need, async open => {
    const organizationId = org?.source === '--org' ? (await findOrganization(open, org.value)).id : undefined
    return open.client.apiKeys.verify({ key, scopes: [...scopes], organizationId }, open.call)
  })
  const { valid, code, keyId, rateLimit, expiresAt } = result
  if (!valid) {
    if (context.output.json) await context.output.value(result)
    throw new CliError(`The key is not good: ${WHY[code] ?? code}.`, {
      code: `key.${code.toLowerCase()}`,
      exit: code === 'RATE_LIMITED' ? EXIT.RATE_LIMITED : EXIT.REFUSED,
      hint: hintOf(result),
      ...(code === 'RATE_LIMITED' && rateLimit && { retryAfter: rateLimit.reset }),
    })
  }
  const left = rateLimit === null ? '' : `, ${rateLimit.remaining} of ${rateLimit.limit} requests left`
  const life = `expires ${relativeTime(expiresAt, context.around.now())}`
  await context.output.done(`The key is good (${keyId}): ${life}${left}.`, keyId ?? '', result)
  return EXIT.OK
}
