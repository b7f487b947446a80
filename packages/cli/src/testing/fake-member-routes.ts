import { type FakeAnswer, listAnswer, ok, refuse, type Values } from './fake-answers'
import type { FakeState } from './fake-snoop'
import { TIME } from './fake-user'

export interface FakeMember {
  readonly id: string
  readonly userId: string
  readonly organizationId: string
  readonly email: string
  readonly fullName: string
  role: string
}

export interface FakeInvitation {
  readonly id: string
  readonly organizationId: string
  readonly email: string
  readonly role: string
  token: string
}

export interface FakeTenants {
  /** Of every organization; the account itself is one of each. */
  readonly members: FakeMember[]
  readonly invitations: FakeInvitation[]
  readonly mfa: { graceDays: number; requiredSince: string | null }
}

const known = new WeakMap<FakeState, FakeTenants>()

/** What the fake server knows of who is in its organizations. Tests look into it and change it. */
export const tenantsOf = (state: FakeState): FakeTenants => {
  const tenants = known.get(state) ?? {
    members: [],
    invitations: [],
    mfa: { graceDays: 7, requiredSince: null },
  }
  known.set(state, tenants)
  return tenants
}

/** Puts somebody into an organization of the fake server. */
export const addMember = (state: FakeState, facts: Partial<FakeMember> & { email: string }): FakeMember => {
  const name = state.newName()
  const member = {
    id: `01MEMBER${name}`,
    userId: `01USER${name}`,
    organizationId: '01ORGACME',
    fullName: `Person ${name}`,
    role: 'member',
    ...facts,
  }
  tenantsOf(state).members.push(member)
  return member
}

const newToken = (name: string): string => `a-Token-${name}`.padEnd(43, 'x')

/** Invites somebody to an organization of the fake server. */
export const addInvitation = (
  state: FakeState,
  facts: Partial<FakeInvitation> & { email: string },
): FakeInvitation => {
  const name = state.newName()
  const invitation = {
    id: `01INVITE${name}`,
    organizationId: '01ORGACME',
    role: 'member',
    token: newToken(name),
    ...facts,
  }
  tenantsOf(state).invitations.push(invitation)
  return invitation
}

/** The members of an organization; the account's own membership is made when it is first asked for. */
export const membersOf = (state: FakeState, organizationId: string): FakeMember[] => {
  const { members } = tenantsOf(state)
  const own = members.find(
    member => member.userId === state.user.id && member.organizationId === organizationId,
  )
  if (own === undefined) {
    const { id: userId, email, fullName } = state.user
    addMember(state, { userId, organizationId, email, fullName, role: 'owner' })
  }
  return members.filter(member => member.organizationId === organizationId)
}

export const notFound = refuse(404, 'NOT_FOUND', 'Not found')
export const lastOwner = refuse(409, 'CONFLICT', 'You are the last owner. Make another member an owner first')

const isLastOwner = (state: FakeState, member: FakeMember): boolean =>
  member.role === 'owner' &&
  membersOf(state, member.organizationId).filter(({ role }) => role === 'owner').length === 1

const remove = <T>(items: T[], item: T): void => void items.splice(items.indexOf(item), 1)

/** Ends a membership. @returns the refusal, for the last owner */
export const endMembership = (state: FakeState, member: FakeMember): FakeAnswer | undefined => {
  if (isLastOwner(state, member)) return lastOwner
  remove(tenantsOf(state).members, member)
  return undefined
}

export const memberView = ({ organizationId, ...member }: FakeMember) => ({ ...member, createdAt: TIME })

const search = <T extends { readonly email: string; readonly fullName?: string }>(
  items: readonly T[],
  query: URLSearchParams,
): T[] => {
  const q = query.get('q') ?? ''
  return items.filter(({ email, fullName = '' }) => email.includes(q) || fullName.includes(q))
}

/** The endpoints below `…/members`. */
export const answerMembers = (
  state: FakeState,
  organizationId: string,
  [id]: readonly string[],
  { method, query, input }: { method: string; query: URLSearchParams; input: Values },
): FakeAnswer => {
  const members = membersOf(state, organizationId)
  if (id === undefined) {
    const role = query.get('role')
    const shown = search(members, query).filter(member => role === null || member.role === role)
    return listAnswer(shown.map(memberView), query)
  }
  const member = members.find(candidate => candidate.id === id)
  if (member === undefined) return notFound
  if (method === 'DELETE') return endMembership(state, member) ?? ok({ id, removed: true })
  if (input.role !== 'owner' && isLastOwner(state, member)) return lastOwner
  member.role = String(input.role)
  return ok(memberView(member))
}

const invitationView = (state: FakeState, { id, email, role }: FakeInvitation) => ({
  id,
  email,
  role,
  status: 'pending',
  invitedBy: { id: state.user.id, fullName: state.user.fullName },
  createdAt: TIME,
  sentAt: TIME,
  expiresAt: new Date(state.now() + 7 * 24 * 3600 * 1000).toISOString(),
})

const send = (state: FakeState, organizationId: string, input: Values): FakeAnswer => {
  const wanted = input.invites as { email: string; role?: string }[]
  const wrong = wanted.flatMap(({ email }, index) =>
    email.includes('@')
      ? []
      : [{ field: `invites.${index}.email`, error: 'Must be an e-mail address', location: 'body' }],
  )
  if (wrong.length > 0) return refuse(400, 'VALIDATION_ERROR', 'Validation failed', { errors: wrong })
  const sent = wanted.map(invite => addInvitation(state, { ...invite, organizationId }))
  return ok(sent.map(invitation => invitationView(state, invitation)))
}

/** The endpoints below `…/invites`. */
export const answerInvites = (
  state: FakeState,
  organizationId: string,
  [id]: readonly string[],
  { method, query, input }: { method: string; query: URLSearchParams; input: Values },
): FakeAnswer => {
  const all = tenantsOf(state).invitations
  const own = all.filter(invitation => invitation.organizationId === organizationId)
  if (id === undefined && method === 'POST') return send(state, organizationId, input)
  if (id === undefined) {
    return listAnswer(
      search(own, query).map(invitation => invitationView(state, invitation)),
      query,
    )
  }
  const invitation = own.find(candidate => candidate.id === id)
  if (invitation === undefined) return notFound
  if (method === 'DELETE') {
    remove(all, invitation)
    return ok({ id, cancelled: true })
  }
  invitation.token = newToken(state.newName())
  return ok(invitationView(state, invitation))
}

const invalidInvitation = refuse(400, 'INVALID_TOKEN', 'This invitation is expired, cancelled or used')

const findByToken = (state: FakeState, token: string): FakeInvitation | undefined =>
  tenantsOf(state).invitations.find(candidate => candidate.token === token)

/** `GET /api/user/invites/:token`, which anybody may call. */
export const previewInvitation = (state: FakeState, token: string): FakeAnswer => {
  const invitation = findByToken(state, token)
  if (invitation === undefined) return invalidInvitation
  const { organizationId, email, role } = invitation
  const organizationName = state.organizations.find(({ id }) => id === organizationId)?.name ?? ''
  const { expiresAt } = invitationView(state, invitation)
  return ok({ organizationName, role, email, invitedBy: 'Grace', expiresAt })
}

/** `POST /api/user/invites/:token/accept`. */
export const acceptInvitation = (state: FakeState, token: string): FakeAnswer => {
  const invitation = findByToken(state, token)
  if (invitation === undefined) return invalidInvitation
  const { id, organizationId, email, role } = invitation
  if (email !== state.user.email) {
    return refuse(403, 'FORBIDDEN', 'This invitation was sent to another address')
  }
  const { members, invitations } = tenantsOf(state)
  remove(invitations, invitation)
  const { id: userId, fullName } = state.user
  const member = { id, userId, organizationId, email, fullName, role }
  members.push(member)
  return ok({ ...memberView(member), organizationId, permissions: ['organization:read'] })
}
