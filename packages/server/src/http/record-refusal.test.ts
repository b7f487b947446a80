import { contract } from '@snoop/sdk/contract'
import { expect, it } from 'vitest'
import type { DomainContext } from '../domain/domain-context'
import { DomainError } from '../domain/domain-error'
import type { Actor } from '../domain/principals/actor'
import { actorOf } from '../testing/test-domain'
import type { Route } from './dialect'
import { recordRefusal } from './record-refusal'

const actor = actorOf({ kind: 'session', userId: 'u1', credentialId: 's1' } as Actor['principal'])
const route = { name: 'members.remove', endpoint: contract.members.remove } as unknown as Route

const recorded = (
  params: Record<string, string>,
  {
    code = 'INSUFFICIENT_PERMISSIONS',
    by = actor,
    on = route,
  }: { code?: 'NOT_FOUND' | 'INSUFFICIENT_PERMISSIONS'; by?: Actor | undefined; on?: Route } = {},
) => {
  const seen: unknown[] = []
  const domain = { refusals: { record: (refusal: unknown) => void seen.push(refusal) } }
  recordRefusal(domain as unknown as DomainContext, by, on, params, new DomainError(code))
  return seen
}

it('tells what the refused act was to be done to', () => {
  expect(recorded({ organizationId: 'o1', memberId: 'm1' })).toEqual([
    expect.objectContaining({
      organizationId: 'o1',
      resource: { type: 'endpoint', id: 'members.remove' },
      details: { code: 'INSUFFICIENT_PERMISSIONS', target: 'm1' },
    }),
  ])
})

it('takes nothing of a path that is no id', () => {
  for (const memberId of ['a b', '\u001b[31m', 'x'.repeat(65), '']) {
    expect(recorded({ organizationId: 'o1', memberId })).toMatchObject([
      { details: { code: expect.any(String) } },
    ])
    expect(JSON.stringify(recorded({ organizationId: 'o1', memberId }))).not.toContain('target')
  }
})

it('tells of refusals by right alone, of callers that are known, on routes of organizations', () => {
  const params = { organizationId: 'o1', memberId: 'm1' }
  expect(recorded(params, { code: 'NOT_FOUND' })).toEqual([])
  expect(recorded({ memberId: 'm1' })).toEqual([])
  const account = { name: 'user.me', endpoint: contract.user.me } as unknown as Route
  expect(recorded(params, { on: account })).toEqual([])
})

it('on a surface, whose paths name no organization, is told to the one in which the caller would have acted', async () => {
  const seen: unknown[] = []
  const domain = {
    refusals: { record: (refusal: unknown) => void seen.push(refusal) },
    storage: { hot: { findHomeOrganization: () => ({ organization_id: 'home' }) } },
  } as unknown as DomainContext
  const on = { name: 'snaapi.createResource', endpoint: contract.snaapi.createResource } as unknown as Route
  recordRefusal(domain, actor, on, {}, new DomainError('INSUFFICIENT_PERMISSIONS'))
  recordRefusal(domain, undefined, on, {}, new DomainError('INSUFFICIENT_PERMISSIONS'))
  await Promise.resolve()
  await Promise.resolve()
  expect(seen).toMatchObject([{ organizationId: 'home', resource: { id: 'snaapi.createResource' } }])
})
