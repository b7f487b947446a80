import { type ApiKey, KEY_FORMATS } from '@snoop/sdk'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'
import { permissionText } from './parse-permissions'
import { scopesOfFormat } from './parse-scopes'

const scopeText = ({ format, scopes }: ApiKey): string => {
  if (scopes.length === 0) return KEY_FORMATS[format].unscoped === 'everything' ? 'all' : 'none'
  return scopesOfFormat(format).every(scope => scopes.includes(scope)) ? 'all' : scopes.join(', ')
}

const UNITS = [
  ['d', 24 * 3600_000],
  ['h', 3600_000],
  ['m', 60_000],
] as const

/** As it is typed. */
const durationText = (ms: number): string => {
  const [unit, size] = UNITS.find(([, length]) => ms % length === 0) ?? ['s', 1000]
  return `${ms / size}${unit}`
}

const permissionsOf = ({ format, permissions }: ApiKey): string => {
  if (permissions !== null) return permissionText(permissions)
  return KEY_FORMATS[format].unmapped === 'everything' ? 'all of the role' : 'none'
}

const limitText = (key: ApiKey): string => {
  if (!key.rateLimitEnabled) return 'none'
  if (key.refillAmount === null || key.refillInterval === null)
    return `${key.rateLimitMax}/${durationText(key.rateLimitTimeWindow)}`
  return `${key.rateLimitMax}, refilled by ${key.refillAmount}/${durationText(key.refillInterval)}`
}

/** How keys are shown. */
export const keyFields = (nowMs: number, inUse: string | undefined) => {
  const id: Field<ApiKey> = { label: 'ID', value: key => key.id, isId: true }
  const name: Field<ApiKey> = {
    label: 'NAME',
    value: key => key.name,
    human: key => `${key.name}${key.id === inUse ? ' (in use)' : key.rotatedTo === null ? '' : ' (rotated)'}`,
  }
  const scopes: Field<ApiKey> = {
    label: 'SCOPES',
    value: key => key.scopes.join(','),
    human: scopeText,
    isCuttable: true,
  }
  const org: Field<ApiKey> = {
    label: 'ORG',
    value: key => key.organizationId ?? '',
    // A key of a surface acts in one: without a pin in the oldest.
    human: key => key.organizationId ?? (key.format === 'ba' ? 'any' : 'oldest'),
  }
  const expires: Field<ApiKey> = {
    label: 'EXPIRES',
    value: key => key.expiresAt ?? '',
    human: key => relativeTime(key.expiresAt, nowMs),
  }
  const lastUse: Field<ApiKey> = {
    label: 'LAST USE',
    value: key => key.lastRequest ?? '',
    human: key => relativeTime(key.lastRequest, nowMs),
  }
  const state: Field<ApiKey> = { label: 'STATE', value: key => key.state }
  const start: Field<ApiKey> = { label: 'STARTS WITH', value: key => key.start }
  const created: Field<ApiKey> = {
    label: 'CREATED',
    value: key => key.createdAt,
    human: key => relativeTime(key.createdAt, nowMs),
  }
  const format: Field<ApiKey> = { label: 'FORMAT', value: key => key.format }
  const permissions: Field<ApiKey> = {
    label: 'PERMISSIONS',
    value: key => (key.permissions && permissionText(key.permissions)) ?? '',
    human: permissionsOf,
  }
  const limit: Field<ApiKey> = {
    label: 'LIMIT',
    value: limitText,
    human: key => `${limitText(key)}${key.remaining === null ? '' : ` (${key.remaining} left)`}`,
  }
  const requests: Field<ApiKey> = { label: 'REQUESTS', value: key => String(key.requestCount) }
  return {
    format,
    permissions,
    limit,
    requests,
    id,
    name,
    scopes,
    org,
    expires,
    lastUse,
    state,
    start,
    created,
  }
}
