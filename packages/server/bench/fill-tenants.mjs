import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'

const MEMBERS = 20
const PROJECTS = 5

const insertInto = (db, table, row) => {
  const columns = Object.keys(row)
  const marks = columns.map(() => '?').join(', ')
  const statement = db.prepare(`insert into ${table} (${columns.join(', ')}) values (${marks})`)
  return values => statement.run(...columns.map(column => values[column]))
}

const userRow = id => ({
  id,
  email: `${id}@example.com`,
  full_name: `User ${id}`,
  handle: id,
  password_hash: '',
  role: 'user',
  is_active: 1,
  marketing_opt_out: 0,
  two_factor_enabled: 0,
  created_at: 0,
  updated_at: 0,
})

const organizationRow = id => ({ id, name: id, slug: id, mfa_grace_days: 7, created_at: 0, updated_at: 0 })

const membershipRow = (organization_id, user_id) => ({
  organization_id,
  id: `${organization_id}-${user_id}`,
  user_id,
  role: 'member',
  created_at: 0,
  updated_at: 0,
})

const projectRow = (organization_id, id) => ({
  organization_id,
  id,
  name: id,
  slug: id,
  status: 'active',
  timezone: 'UTC',
  created_at: 0,
  updated_at: 0,
})

/**
 * Fills the database of a server that does not run with organizations of 20 members and 5 projects, written to it
 * directly.
 * @param {{ dataDir: string, organizations: number, joined: number, userId: string }} options `joined`: of how many the
 *   user is a member, spread over all of them
 * @returns {string[]} ids of those
 */
export const fillTenants = ({ dataDir, organizations, joined, userId }) => {
  const db = new DatabaseSync(join(dataDir, 'snoop.db'))
  const addUser = insertInto(db, 'users', userRow(''))
  const addOrganization = insertInto(db, 'organizations', organizationRow(''))
  const addMembership = insertInto(db, 'memberships', membershipRow('', ''))
  const addProject = insertInto(db, 'projects', projectRow('', ''))
  const step = Math.floor(organizations / joined)
  const joinedIds = []
  db.exec('begin')
  for (let number = 0; number < organizations; number += 1) {
    const id = `org-${number}`
    addOrganization(organizationRow(id))
    const isJoined = number % step === 0 && joinedIds.length < joined
    if (isJoined) {
      joinedIds.push(id)
      addMembership(membershipRow(id, userId))
    }
    for (let member = isJoined ? 1 : 0; member < MEMBERS; member += 1) {
      const user = `user-${number}-${member}`
      addUser(userRow(user))
      addMembership(membershipRow(id, user))
    }
    for (let project = 0; project < PROJECTS; project += 1) addProject(projectRow(id, `${id}-${project}`))
  }
  db.exec('commit')
  db.close()
  return joinedIds
}
