import type { MemberRow } from '../../storage/stores/membership-store'
import type { Row } from './row'
import type { RowSource } from './row-source'

const toRow = (member: MemberRow): Row => ({
  id: member.user_id,
  createdAt: member.created_at,
  updatedAt: member.updated_at,
  values: new Map(Object.entries({ email: member.email, name: member.full_name, role: member.role })),
})

/** The members of an organization, known by their user's id and written by nobody here. */
export const memberRows: RowSource = {
  list: async ({ storage }, organizationId, query) => {
    const { items, total } = await storage.nativeRows.listMembers(organizationId, query)
    return { items: items.map(toRow), total }
  },
  find: async ({ storage }, organizationId, id) => {
    const member = await storage.memberships.findOfUser(organizationId, id)
    return member && toRow(member)
  },
}
