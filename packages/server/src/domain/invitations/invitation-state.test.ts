import { describe, expect, it } from 'vitest'
import {
  type Acceptance,
  type AcceptanceRefusal,
  decideAcceptance,
  decideSending,
  mayEnd,
  mayInvite,
} from './invitation-state'

const NOW = 1_000_000
const pending = { role: 'member', expires_at: NOW + 1 }
const expired = { ...pending, expires_at: NOW }

describe('the right to invite', () => {
  it.each([
    ['owner', 'owner', true],
    ['owner', 'admin', true],
    ['owner', 'member', true],
    ['admin', 'owner', false],
    ['admin', 'admin', true],
    ['admin', 'member', true],
    ['member', 'owner', false],
    ['member', 'admin', false],
    ['member', 'member', false],
    [undefined, 'member', false],
  ])('%s invites somebody as %s: %s', (role, invited, allowed) => {
    expect(mayInvite(role, invited)).toBe(allowed)
  })

  it('reaches over the invitation of an owner only for owners, until it has expired', () => {
    expect(mayEnd('admin', { ...pending, role: 'owner' }, NOW)).toBe(false)
    expect(mayEnd('admin', { ...expired, role: 'owner' }, NOW)).toBe(true)
    expect(mayEnd('owner', { ...pending, role: 'owner' }, NOW)).toBe(true)
    expect(mayEnd('member', expired, NOW)).toBe(false)
  })
})

describe('sending', () => {
  const send = (change: Partial<Parameters<typeof decideSending>[0]>) =>
    decideSending({ senderRole: 'admin', invitedRole: 'member', earlier: undefined, ...change }, NOW)

  it('takes a seat, unless there is a pending one, which has it', () => {
    expect(send({})).toEqual({ outcome: 'sent', takesSeat: true })
    expect(send({ earlier: expired })).toEqual({ outcome: 'sent', takesSeat: true })
    expect(send({ earlier: pending })).toEqual({ outcome: 'sent', takesSeat: false })
  })

  it('in place of an owner, or as one, is for owners', () => {
    expect(send({ invitedRole: 'owner' })).toEqual({ outcome: 'not-allowed' })
    expect(send({ earlier: { ...pending, role: 'owner' } })).toEqual({ outcome: 'not-allowed' })
    expect(send({ earlier: { ...expired, role: 'owner' } }).outcome).toBe('sent')
    expect(send({ senderRole: 'owner', invitedRole: 'owner' }).outcome).toBe('sent')
  })
})

describe('accepting', () => {
  const good: Acceptance = {
    invitation: { email: 'ada@example.com', role: 'admin' },
    account: { email: 'ada@example.com', email_verified_at: 1 },
    isMember: false,
    inviterRole: 'admin',
    seatsTaken: 3,
    seats: 3,
  }

  it.each<[Partial<Acceptance>, AcceptanceRefusal | undefined]>([
    [{}, undefined],
    [{ account: { email: 'ada@example.co', email_verified_at: 1 } }, 'wrong_account'],
    [{ account: { email: 'Ada@example.com', email_verified_at: 1 } }, 'wrong_account'],
    [{ account: { email: 'ada@example.com', email_verified_at: null } }, 'email_not_verified'],
    [{ isMember: true }, 'member_already'],
    [{ inviterRole: 'member' }, 'inviter_without_right'],
    [{ inviterRole: undefined }, 'inviter_without_right'],
    [{ invitation: { email: 'ada@example.com', role: 'owner' } }, 'inviter_without_right'],
    [{ seatsTaken: 4 }, 'no_seat'],
  ])('with %j: %s', (change, refusal) => {
    expect(decideAcceptance({ ...good, ...change })).toBe(refusal)
  })

  it('tells another account nothing of the rest', () => {
    const account = { email: 'eve@example.com', email_verified_at: null }
    expect(decideAcceptance({ ...good, account, isMember: true, seatsTaken: 9 })).toBe('wrong_account')
  })
})
