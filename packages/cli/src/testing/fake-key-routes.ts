import type { TransportRequest } from '@snoop/sdk'
import { type FakeAnswer, listAnswer, ok, refuse, type Values } from './fake-answers'
import { type FakeCaller, missingScopes } from './fake-routes'
import type { FakeKey, FakeState } from './fake-snoop'

const isoIn = (state: FakeState, seconds: number): string =>
  new Date(state.now() + seconds * 1000).toISOString()

const newSecret = (state: FakeState): string => `ba_${'S'.repeat(42)}${state.newName()}`

const stateOf = (key: FakeKey, now: number): string => {
  if (key.revoked) return 'revoked'
  const isOver = key.expiresAt !== null && Date.parse(key.expiresAt) <= now
  return isOver ? (key.rotatedTo === null ? 'expired' : 'rotated') : 'active'
}

const recordOf = (state: FakeState, key: FakeKey) => ({
  id: key.id,
  name: key.name,
  prefix: 'ba_',
  start: key.secret.slice(0, 7),
  format: 'native',
  userId: state.user.id,
  organizationId: key.organizationId,
  state: stateOf(key, state.now()),
  enabled: true,
  scopes: key.scopes,
  permissions: null,
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
  facts: Partial<Pick<FakeKey, 'name' | 'scopes' | 'organizationId' | 'expiresAt'>>,
): FakeKey => {
  const key: FakeKey = {
    id: `ak_KEY${state.newName()}`,
    name: 'key',
    secret: newSecret(state),
    scopes: ['user:read'],
    organizationId: null,
    expiresAt: null,
    revoked: false,
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
  const { name, scopes, expiresIn, metadata } = input as {
    name: string
    scopes?: string[]
    expiresIn?: number | null
    metadata?: { organizationId?: string } | null
  }
  return created(
    addKey(state, {
      name,
      scopes: scopes ?? [],
      expiresAt: expiresIn ? isoIn(state, expiresIn) : null,
      organizationId: metadata?.organizationId ?? null,
    }),
  )
}

/** The `/api/auth/api-key/*` endpoints. */
export const answerKeyRequest = (
  state: FakeState,
  caller: FakeCaller,
  { url, headers }: TransportRequest,
  input: Values,
): FakeAnswer => {
  const action = url.pathname.slice('/api/auth/api-key/'.length)
  const needed = { list: 'read', get: 'read', delete: 'delete' }[action] ?? 'write'
  const missing = missingScopes(caller, `api-keys:${needed}`)
  if (missing) return missing
  if (action === 'create') return create(state, input)
  if (action === 'list') {
    const wanted = url.searchParams.get('state')
    const records = state.keys.map(key => recordOf(state, key))
    const shown = records.filter(record => wanted === null || record.state === wanted)
    return listAnswer(shown, url.searchParams)
  }
  const id = action === 'get' ? url.searchParams.get('id') : input.keyId
  const key = state.keys.find(candidate => candidate.id === id)
  if (key === undefined) return refuse(404, 'NOT_FOUND', 'Not found')
  if (action === 'rotate') return rotate(state, key, input, headers['idempotency-key'])
  if (action === 'delete') key.revoked = true
  return ok(recordOf(state, key))
}
