/** An organization that a user belongs to, as far as their leaving it matters. */
export interface JoinedOrganization {
  readonly id: string
  readonly name: string
  readonly role: string
  /** The user counted in both. */
  readonly member_count: number
  readonly owner_count: number
}

/** What keeps a user from leaving for good, and what has nobody left afterwards. Pure. */
export const decideLeaving = <Joined extends JoinedOrganization>(joined: readonly Joined[]) => {
  const isAlone = ({ member_count }: Joined) => member_count === 1
  const isLastOwner = ({ role, owner_count }: Joined) => role === 'owner' && owner_count === 1
  return {
    needed: joined.filter(organization => isLastOwner(organization) && !isAlone(organization)),
    left: joined.filter(isAlone),
  }
}
