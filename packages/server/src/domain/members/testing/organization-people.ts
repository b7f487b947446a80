import type { OrganizationRole } from '@snoop/sdk/contract'
import type { TestDomain } from '../../../testing/test-domain'
import { enter } from '../../principals/enter'
import type { Principal } from '../../principals/principal'

/** An entry of an audit log, as far as tests look at it. */
export interface Audited {
  readonly action: string
  readonly actor: string | null
  readonly credential: string | null
  readonly resource: string | null
  readonly details: Readonly<Record<string, unknown>>
}

/** What tests of organizations ask for, straight from the tables. */
export const organizationPeople = ({ context, engine, storage }: TestDomain) => {
  const memberships = async (organizationId: string) =>
    engine.db
      .selectFrom('memberships')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .orderBy('id')
      .execute()

  return {
    /** Id of the membership; of no one, if there is none. */
    memberId: async (organizationId: string, { userId }: Principal): Promise<string> =>
      (await storage.memberships.findOfUser(organizationId, userId))?.id ?? 'no-one',

    /** Roles by user id. */
    roles: async (organizationId: string): Promise<Record<string, string>> =>
      Object.fromEntries((await memberships(organizationId)).map(({ user_id, role }) => [user_id, role])),

    countOwners: async (organizationId: string): Promise<number> =>
      (await memberships(organizationId)).filter(({ role }) => role === 'owner').length,

    join: async (organizationId: string, { userId }: Principal, role: OrganizationRole): Promise<void> => {
      const dates = { created_at: context.clock(), updated_at: context.clock() }
      const row = { organization_id: organizationId, id: context.newId(), user_id: userId, role, ...dates }
      await storage.memberships.insert(row)
    },

    /** Oldest first. */
    audited: async (organizationId: string): Promise<Audited[]> => {
      const rows = await engine.db
        .selectFrom('audit_events')
        .selectAll()
        .where('organization_id', '=', organizationId)
        .orderBy('sequence')
        .execute()
      return rows.map(({ action, actor_id, credential_id, resource_id, details }) => ({
        action,
        actor: actor_id,
        credential: credential_id,
        resource: resource_id,
        details: JSON.parse(details),
      }))
    },

    /** `OK`, or the code of the refusal, of a request by this principal that takes the right to manage members. */
    manage: async (organizationId: string, principal: Principal): Promise<string> => {
      const access = {
        kind: 'organization',
        scopes: ['user:write'],
        permission: 'organization:manage-members',
      } as const
      try {
        await enter(context, principal, access, organizationId)
        return 'OK'
      } catch (error) {
        return (error as { code: string }).code
      }
    },
  }
}

export type OrganizationPeople = ReturnType<typeof organizationPeople>
