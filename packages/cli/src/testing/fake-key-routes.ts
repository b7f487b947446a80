import type { TransportRequest } from '@snoop/sdk'
import { type FakeAnswer, listAnswer, ok, refuse, type Values } from './fake-answers'
import { type FakeCaller, missingScopes } from './fake-routes'
import type { FakeKey, FakeState } from './fake-snoop'

const isoIn = (state: FakeState, seconds: number): string =>
  new Date(state.now() + seconds * 1000).toISOString()

const newSecret = (state: FakeState): string => `ba_${'S'.repeat(42)}${state.newName()}`

const stateOf = (key: FakeKey, now: number): string => {
  if (key.revoked) return 'revoked'
  if (!key.enabled) return 'disabled'
  const isOver = key.expiresAt !== null && Date.parse(key.expiresAt) <= now
  return isOver ? (key.rotatedTo === null ? 'expired' : 'rotated') : 'active'
}

const recordOf = (state: FakeState, key: FakeKey) => ({
  id: key.id,
  name: key.name,
  prefix: 'ba_',
  start: key.secret.slice(0, 7),
  format: key.format,
  userId: state.user.id,
  organizationId: key.organizationId,
  state: stateOf(key, state.now()),
  enabled: key.enabled,
  scopes: key.scopes,
  permissions: key.permissions,
  metadata: null,
  expiresAt: key.expiresAt,
  rateLimitEnabled: true,
  rateLimitMax: 200,
  rateLimitTimeWindow: 60000,
  refillInterval: null,
  refillAmount: null,
  requestCount: 0,
  remaining: null,
  lastRequest: null,
  rotatedTo: key.rotatedTo,
  createdAt: key.createdAt,
  updatedAt: key.createdAt,
})

const created = ({ id, name, secret, scopes, expiresAt }: FakeKey): FakeAnswer =>
  ok({ id, name, key: secret, scopes, expiresAt })

/** Puts a key into the fake server. */
export const addKey = (
  state: FakeState,
  facts: Partial<
    Pick<FakeKey, 'name' | 'scopes' | 'format' | 'permissions' | 'organizationId' | 'expiresAt'>
  >,
): FakeKey => {
  const key: FakeKey = {
    id: `ak_KEY${state.newName()}`,
    name: 'key',
    secret: newSecret(state),
    scopes: ['user:read'],
    organizationId: null,
    expiresAt: null,
    revoked: false,
    enabled: true,
    format: 'ba',
    permissions: null,
    used: false,
    rotatedTo: null,
    rotationRequest: undefined,
    createdAt: new Date(state.now()).toISOString(),
    ...facts,
  }
  state.keys.push(key)
  return key
}

const rotate = (
  state: FakeState,
  old: FakeKey,
  input: Values,
  requestKey: string | undefined,
): FakeAnswer => {
  const successor = state.keys.find(key => key.id === old.rotatedTo)
  if (successor !== undefined) {
    if (requestKey !== undefined && successor.rotationRequest === requestKey && !successor.used) {
      successor.secret = newSecret(state)
      return created(successor)
    }
    return refuse(409, 'CONFLICT', 'This key was already rotated', { rotatedTo: successor.id })
  }
  if (stateOf(old, state.now()) !== 'active') return refuse(409, 'CONFLICT', 'This key is dead')
  const { expiresIn, gracePeriod = 0 } = input as { expiresIn?: number; gracePeriod?: number }
  const next = addKey(state, {
    name: old.name,
    scopes: old.scopes,
    organizationId: old.organizationId,
    expiresAt: expiresIn === undefined ? old.expiresAt : isoIn(state, expiresIn),
  })
  next.rotationRequest = requestKey
  old.rotatedTo = next.id
  old.expiresAt = isoIn(state, gracePeriod)
  return created(next)
}

const create = (state: FakeState, input: Values): FakeAnswer => {
  const { name, scopes, format, permissions, expiresIn, metadata } = input as {
    name: string
    format?: string
    permissions?: object | null
    scopes?: string[]
    expiresIn?: number | null
    metadata?: { organizationId?: string } | null
  }
  return created(
    addKey(state, {
      name,
      scopes: scopes ?? [],
      format: format ?? 'ba',
      permissions: permissions ?? null,
      expiresAt: expiresIn ? isoIn(state, expiresIn) : null,
      organizationId: metadata?.organizationId ?? null,
    }),
  )
}

const verify = (state: FakeState, input: Values): FakeAnswer => {
  const key = state.keys.find(({ secret }) => secret === input.key)
  const code = key === undefined ? 'NOT_FOUND' : key.revoked ? 'REVOKED' : 'VALID'
  return ok({
    valid: code === 'VALID',
    code,
    keyId: key?.id ?? null,
    userId: key ? state.user.id : null,
    scopes: key?.scopes ?? [],
    organizationId: key?.organizationId ?? null,
    rateLimit: key ? { limit: 200, remaining: 199, reset: 60 } : null,
    expiresAt: key?.expiresAt ?? null,
  })
}

/** The `/api/auth/api-key/*` endpoints. */
export const answerKeyRequest = (
  state: FakeState,
  caller: FakeCaller,
  { url, headers }: TransportRequest,
  input: Values,
): FakeAnswer => {
  const action = url.pathname.slice('/api/auth/api-key/'.length)
  const needed = { list: 'read', get: 'read', verify: 'read', delete: 'delete' }[action] ?? 'write'
  const missing = missingScopes(caller, `api-keys:${needed}`)
  if (missing) return missing
  if (action === 'create') return create(state, input)
  if (action === 'list') {
    const wanted = url.searchParams.get('state')
    const records = state.keys.map(key => recordOf(state, key))
    const format = url.searchParams.get('format')
    const shown = records.filter(
      record => (wanted === null || record.state === wanted) && (format === null || record.format === format),
    )
    return listAnswer(shown, url.searchParams)
  }
  if (action === 'verify') return verify(state, input)
  const id = action === 'get' ? url.searchParams.get('id') : input.keyId
  const key = state.keys.find(candidate => candidate.id === id)
  if (key === undefined) return refuse(404, 'NOT_FOUND', 'Not found')
  if (action === 'rotate') return rotate(state, key, input, headers['idempotency-key'])
  if (action === 'delete') key.revoked = true
  if (typeof input.enabled === 'boolean') key.enabled = input.enabled
  return ok(recordOf(state, key))
}
