import type { TransportRequest } from '@snoop/sdk'
import { refuseUnlessFresh } from './fake-account-routes'
import { type FakeAnswer, listAnswer, ok, refuse, type Values } from './fake-answers'
import {
  acceptInvitation,
  answerInvites,
  answerMembers,
  endMembership,
  membersOf,
  memberView,
  notFound,
  tenantsOf,
} from './fake-member-routes'
import { type FakeCaller, missingScopes } from './fake-routes'
import type { FakeOrganization, FakeState } from './fake-snoop'
import { TIME } from './fake-user'

const ownMember = (state: FakeState, organizationId: string) =>
  membersOf(state, organizationId).find(({ userId }) => userId === state.user.id)

const organizationView = (state: FakeState, organization: FakeOrganization) => ({
  ...organization,
  role: ownMember(state, organization.id)?.role ?? 'owner',
  memberCount: membersOf(state, organization.id).length,
  createdAt: TIME,
  updatedAt: TIME,
})

const slugTaken = refuse(409, 'CONFLICT', 'This slug is taken', { field: 'slug' })

const create = (state: FakeState, { name, slug }: Values): FakeAnswer => {
  const wanted = String(slug ?? String(name).toLowerCase().replaceAll(' ', '-'))
  if (state.organizations.some(known => known.slug === wanted)) return slugTaken
  const organization = { id: `01ORG${state.newName()}`, name: String(name), slug: wanted }
  state.organizations.push(organization)
  return ok(organizationView(state, organization))
}

const forget = (state: FakeState, organization: FakeOrganization): void => {
  state.organizations.splice(state.organizations.indexOf(organization), 1)
  for (const key of state.keys) if (key.organizationId === organization.id) key.revoked = true
}

const leave = (state: FakeState, organization: FakeOrganization): FakeAnswer => {
  const own = ownMember(state, organization.id)
  const refusal = own && endMembership(state, own)
  if (refusal) return refusal
  forget(state, organization)
  return ok({ organizationId: organization.id, left: true })
}

const transfer = (state: FakeState, organizationId: string, { memberId }: Values): FakeAnswer => {
  const own = ownMember(state, organizationId)
  const member = membersOf(state, organizationId).find(({ id }) => id === memberId)
  if (own === undefined || member === undefined) return notFound
  own.role = 'admin'
  member.role = 'owner'
  return ok(memberView(member))
}

const answerMfa = (
  state: FakeState,
  organizationId: string,
  { method, url: { pathname, searchParams } }: TransportRequest,
  input: Values,
): FakeAnswer => {
  const { mfa } = tenantsOf(state)
  const members = membersOf(state, organizationId)
  const isCompliant = ({ userId }: { userId: string }) => userId === state.user.id
  if (pathname.endsWith('/compliance')) {
    const views = members.map(member => ({
      memberId: member.id,
      userId: member.userId,
      email: member.email,
      fullName: member.fullName,
      role: member.role,
      twoFactorEnabled: isCompliant(member),
      state: mfa.requiredSince === null || isCompliant(member) ? 'compliant' : 'in-grace',
      deadline: null,
    }))
    return listAnswer(views, searchParams)
  }
  const policy = method === 'GET' ? mfa : { ...mfa, graceDays: Number(input.graceDays ?? mfa.graceDays) }
  if (method === 'GET') return ok({ ...policy, required: policy.requiredSince !== null })
  const requiredSince = input.required ? new Date(state.now()).toISOString() : null
  const dryRun = searchParams.get('dryRun') === 'true'
  if (!dryRun) Object.assign(mfa, policy, { requiredSince })
  const compliant = input.required ? members.filter(isCompliant).length : members.length
  const impact = { members: members.length, compliant, inGrace: members.length - compliant, lockedOut: 0 }
  return ok({ ...policy, required: input.required, requiredSince, dryRun, impact })
}

/** @returns undefined for what belongs to something else than an organization, its members and its invitations */
export const answerOrganizationRequest = (
  state: FakeState,
  caller: FakeCaller,
  request: TransportRequest,
  input: Values,
): FakeAnswer | undefined => {
  const { method, url } = request
  const [, , kind, first, part, ...rest] = url.pathname.slice(1).split('/')
  if (!url.pathname.startsWith('/api/user/') || kind === undefined) return undefined
  const missing = missingScopes(caller, method === 'GET' ? 'user:read' : 'user:write')
  if (kind === 'invites') return missing ?? acceptInvitation(state, first ?? '')
  if (kind !== 'organizations') return undefined
  if (first === undefined) {
    if (missing) return missing
    if (method === 'POST') return create(state, input)
    return listAnswer(
      state.organizations.map(organization => organizationView(state, organization)),
      url.searchParams,
    )
  }
  if (part !== undefined && !['members', 'invites', 'mfa', 'leave', 'transfer'].includes(part))
    return undefined
  if (missing) return missing
  const organization = state.organizations.find(({ id }) => id === first)
  if (organization === undefined) return refuse(403, 'FORBIDDEN', 'You have no access to this organization')
  const call = { method, query: url.searchParams, input }
  switch (part) {
    case 'members':
      return answerMembers(state, first, rest, call)
    case 'invites':
      return answerInvites(state, first, rest, call)
    case 'mfa':
      return answerMfa(state, first, request, input)
    case 'leave':
      return leave(state, organization)
    case 'transfer':
      return refuseUnlessFresh(state, caller) ?? transfer(state, first, input)
    default:
      break
  }
  if (method === 'DELETE') {
    const stale = refuseUnlessFresh(state, caller)
    if (stale) return stale
    forget(state, organization)
    return ok({ id: first, deleted: true })
  }
  if (input.slug !== organization.slug && state.organizations.some(({ slug }) => slug === input.slug)) {
    return slugTaken
  }
  Object.assign(organization, input)
  return ok(organizationView(state, organization))
}
