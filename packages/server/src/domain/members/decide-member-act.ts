import { type OrganizationRole, ROLE_PERMISSIONS } from '@snoop/sdk/contract'
import { DomainError } from '../domain-error'

/** What a member does to a membership of the same organization: another one's, or the own one. */
export interface MemberAct {
  /** Role of who acts. */
  readonly by: OrganizationRole
  readonly isOwn: boolean
  /** Role of the membership before. */
  readonly from: OrganizationRole
  /** Role of it afterwards; undefined: it ends. */
  readonly to: OrganizationRole | undefined
  /** How many owners there are before. */
  readonly ownerCount: number
}

/** `for-managers`, `for-owners`: only they may do it. `last-owner`: nobody may, as no owner would be left. */
export type MemberVerdict = 'allowed' | 'for-managers' | 'for-owners' | 'last-owner'

/**
 * Whether a member may do this: everybody may leave, managers manage members, and only owners make or unmake an owner,
 * of whom there is always one (native contract, section 4). Pure.
 */
export const decideMemberAct = ({ by, isOwn, from, to, ownerCount }: MemberAct): MemberVerdict => {
  const isLeaving = isOwn && to === undefined
  if (!isLeaving && !ROLE_PERMISSIONS[by].includes('organization:manage-members')) return 'for-managers'
  if ((from === 'owner' || to === 'owner') && by !== 'owner') return 'for-owners'
  return from === 'owner' && to !== 'owner' && ownerCount < 2 ? 'last-owner' : 'allowed'
}

const REFUSALS: Readonly<Record<Exclude<MemberVerdict, 'allowed'>, () => DomainError>> = {
  'for-managers': () =>
    new DomainError('INSUFFICIENT_PERMISSIONS', {
      message: 'Only owners and admins manage the members of this organization',
      detail: { required: ['organization:manage-members'], missing: ['organization:manage-members'] },
    }),
  'for-owners': () =>
    new DomainError('INSUFFICIENT_PERMISSIONS', {
      message: 'Only an owner of this organization makes, changes or removes an owner; ask one of them',
      detail: { required: ['owner'], missing: ['owner'] },
    }),
  'last-owner': () =>
    new DomainError('CONFLICT', {
      message:
        'An organization keeps at least one owner, and this is the last. Make another member an owner first, or delete the organization',
    }),
}

/** @throws DomainError INSUFFICIENT_PERMISSIONS; CONFLICT if it would leave the organization without an owner */
export const assertMemberAct = (act: MemberAct): void => {
  const verdict = decideMemberAct(act)
  if (verdict !== 'allowed') throw REFUSALS[verdict]()
}
