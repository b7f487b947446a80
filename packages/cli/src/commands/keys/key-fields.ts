import { type ApiKey, SCOPES } from '@snoop/sdk'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'

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
    human: key => (SCOPES.every(scope => key.scopes.includes(scope)) ? 'all' : key.scopes.join(', ')),
    isCuttable: true,
  }
  const org: Field<ApiKey> = {
    label: 'ORG',
    value: key => key.organizationId ?? '',
    human: key => key.organizationId ?? 'any',
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
  return { id, name, scopes, org, expires, lastUse, state, start, created }
}
