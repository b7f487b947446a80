import { CliError, usageError } from '../../cli-error'
import type { rotateSpec } from '../../command-tree/keys'
import type { CommandContext } from '../../context'
import type { KeyRecord } from '../../credentials/account-records'
import { readEnvironmentKey } from '../../credentials/environment-key'
import { requestSuccessor } from '../../credentials/request-successor'
import { type RotationWish, rotateStoredKey } from '../../credentials/rotate-stored-key'
import { clearRotation, findRotation, writeRotation } from '../../credentials/rotation-journal'
import { currentAccount } from '../../credentials/session'
import type { Run } from '../../define-command'
import { parseDuration } from '../../duration'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { relativeTime } from '../../output/relative-time'
import { findKey } from './find-key'
import { withFlagNames } from './with-flag-names'

/** A key from the environment may be rotating itself: the old secret is the way back if the answer is lost. */
const ENVIRONMENT_GRACE_SECONDS = 600

const rotateInUse = async (context: CommandContext, key: KeyRecord, wish: RotationWish): Promise<void> => {
  const { output, around } = context
  const result = await rotateStoredKey(context, key, wish)
  const { id, name, expiresAt } = result.key
  if (result.outcome === 'elsewhere')
    output.note('Another snoop has just rotated this key; nothing was left to do.')
  if (result.outcome === 'resumed') output.note('Finished the rotation that was interrupted.')
  await output.done(
    `Key ${name} has a new secret, checked and stored (${id}, expires ${relativeTime(expiresAt, around.now())}).`,
    id,
    { ...result.key, outcome: result.outcome, formerKeyId: result.formerKeyId, former: result.former },
  )
  if (result.outcome !== 'elsewhere') {
    output.note(
      result.former === 'revoked'
        ? `  The old key ${result.formerKeyId} is revoked.`
        : `  The old key ${result.formerKeyId} ends by itself when its grace is over.`,
    )
  }
}

const rotateOther = async (context: CommandContext, idOrName: string, wish: RotationWish): Promise<void> => {
  const need = { prefer: 'session', scopes: ['api-keys:read'] } as const
  const { id, name, state } = await withClient(context, need, open => findKey(open, idOrName))
  if (state === 'disabled') {
    throw new CliError(`The key ${name} is disabled: only a live one can be rotated.`, {
      code: 'key.disabled',
      exit: EXIT.REFUSED,
      hint: `Enable it first:  snoop keys enable ${id}`,
    })
  }
  const entry = (await findRotation(context, id)) ?? {
    keyId: id,
    idempotencyKey: context.around.randomId(),
    gracePeriod: wish.graceSeconds,
    revokeFormer: false,
    expiresIn: wish.expiresIn,
    successor: null,
  }
  await writeRotation(context, entry)
  const created = await withFlagNames(() => requestSuccessor(context, entry))
  const { output, around } = context
  if (output.json) await output.value(created)
  else await output.text(created.key)
  await clearRotation(context, entry)
  output.note(
    `  Key ${created.name} (${created.id}), expires ${relativeTime(created.expiresAt, around.now())}. It is shown this once.`,
  )
}

const keyInUse = async (context: CommandContext, hasEnvironmentKey: boolean): Promise<KeyRecord> => {
  if (hasEnvironmentKey) {
    throw usageError(
      'The key in use comes from the environment: snoop cannot put a new one there.',
      'Name the key to get its new secret printed:  snoop keys rotate <key>',
    )
  }
  const { key } = await currentAccount(context)
  if (key !== null) return key
  throw new CliError('This profile uses no key.', {
    code: 'key.none',
    exit: EXIT.NOT_FOUND,
    hint: 'Make one:  snoop keys create --use\nOr name another key:  snoop keys rotate <key>',
  })
}

export const run: Run<typeof rotateSpec> = async (context, { args: [named], options }) => {
  const hasEnvironmentKey = (await readEnvironmentKey(context.around.env)) !== undefined
  const grace = options.grace === undefined ? undefined : parseDuration(options.grace, '--grace')
  const expiresIn = options.expires === undefined ? null : parseDuration(options.expires, '--expires')
  const stored = (await currentAccount(context)).key
  const isStored = named !== undefined && stored !== null && (named === stored.id || named === stored.name)

  if (isStored && hasEnvironmentKey) {
    throw usageError(
      'This is the stored key, but SNOOP_API_KEY is in use.',
      'Unset SNOOP_API_KEY and SNOOP_API_KEY_FILE first.',
    )
  }
  if (named === undefined || isStored) {
    const key = await keyInUse(context, hasEnvironmentKey)
    await rotateInUse(context, key, { graceSeconds: grace ?? 0, expiresIn })
  } else {
    const graceSeconds = grace ?? (hasEnvironmentKey ? ENVIRONMENT_GRACE_SECONDS : 0)
    await rotateOther(context, named, { graceSeconds, expiresIn })
  }
  return EXIT.OK
}
