import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { createProject, type NewProject } from './create-project'
import { deleteProject } from './delete-project'
import { getProject } from './get-project'
import { type ProjectChange, updateProject } from './update-project'

const newProject = (details: Partial<NewProject> = {}): NewProject => ({
  name: 'Analytical Engine',
  slug: undefined,
  website: null,
  description: null,
  businessContext: null,
  monitoringIntent: null,
  status: 'draft',
  frequency: null,
  timezone: 'UTC',
  ...details,
})

describeOnEachEngine('projects', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    owner = await domain.signUp()
  })
  beforeEach(async () => {
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
  })
  const create = (details?: Partial<NewProject>, inOrganization = organizationId) =>
    createProject(domain.context, actorOf(owner), inOrganization, newProject(details))
  const update = (id: string, change: ProjectChange, by: Principal = owner) =>
    updateProject(domain.context, actorOf(by), organizationId, id, change)
  const slugTaken = expect.objectContaining({ code: 'CONFLICT', detail: { conflictField: 'slug' } })

  it('made 50 at once with one name have slugs of their own', async () => {
    const made = await Promise.all(Array.from({ length: 50 }, () => create()))
    const slugs = made.map(({ slug }) => slug)
    expect(new Set(slugs).size).toBe(50)
    expect(slugs.filter(slug => slug === 'analytical-engine')).toHaveLength(1)
    for (const slug of slugs) expect(slug).toMatch(/^analytical-engine(-\d{4,7})?$/)
  })

  it('made 20 at once with one slug are one', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => create({ slug: 'taken' })))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(slugTaken)
  })

  it('have a slug that is unique in their organization, and only there', async () => {
    const first = await create({ slug: 'one' })
    const second = await create({ slug: 'two' })
    await expect(update(second.id, { slug: 'one' })).rejects.toEqual(slugTaken)
    expect((await getProject(domain.context, owner, organizationId, second.id)).slug).toBe('two')
    expect((await update(first.id, { slug: 'one' })).slug).toBe('one')
    const elsewhere = await domain.foundOrganization({ [owner.userId]: 'owner' })
    expect((await create({ slug: 'one' }, elsewhere)).slug).toBe('one')
  })

  it('are found again as they were given', async () => {
    const details = {
      name: 'Größe 東京 👩‍👩‍👧',
      website: 'https://example.com/?a=1#b',
      description: 'a\nb\tc',
      businessContext: "'; drop table projects; --",
      monitoringIntent: '',
      status: 'paused',
      frequency: 'daily',
      timezone: 'Europe/Paris',
    }
    const project = await create(details)
    expect(project).toMatchObject({
      name: details.name,
      website: details.website,
      description: details.description,
      business_context: details.businessContext,
      monitoring_intent: '',
      status: 'paused',
      timezone: 'Europe/Paris',
      created_by_user_id: owner.userId,
      creator_full_name: owner.userId,
    })
    expect(await getProject(domain.context, owner, organizationId, project.id)).toEqual(project)
  })

  it('changed by nothing keep all but the time; what is undefined stays, null clears', async () => {
    const project = await create({ website: 'https://example.com', description: 'text', frequency: 'daily' })
    domain.advance(10)
    expect(await update(project.id, {})).toEqual({ ...project, updated_at: domain.now() })
    const changed = await update(project.id, { website: null, description: undefined, name: 'New' })
    expect(changed).toEqual({ ...project, updated_at: domain.now(), website: null, name: 'New' })
  })

  it('are made by nobody who is no member by the time that they would be', async () => {
    const others = await domain.foundOrganization({ [(await domain.signUp()).userId]: 'owner' })
    const refused = expect.objectContaining({ code: 'FORBIDDEN' })
    await expect(create({}, others)).rejects.toEqual(refused)
    await expect(create({}, 'nobodys')).rejects.toEqual(refused)
  })

  it('outlive who made them', async () => {
    const guest = await domain.signUp()
    const shared = await domain.foundOrganization({ [owner.userId]: 'owner', [guest.userId]: 'member' })
    const project = await createProject(domain.context, actorOf(guest), shared, newProject())
    await domain.engine.db.deleteFrom('users').where('id', '=', guest.userId).execute()
    expect(await getProject(domain.context, owner, shared, project.id)).toMatchObject({
      created_by_user_id: null,
      creator_full_name: null,
    })
  })

  describe('that are not in the organization', () => {
    const attempts = (id: string, by: Principal) => [
      getProject(domain.context, by, organizationId, id),
      update(id, { name: 'x' }, by),
      deleteProject(domain.context, actorOf(by), organizationId, id),
    ]
    const codes = async (id: string, by: Principal) =>
      Promise.all(
        attempts(id, by).map(attempt =>
          attempt.then(
            () => 'OK',
            error => error.code,
          ),
        ),
      )

    it('but in another of the caller are told apart; those of strangers and of nobody are not', async () => {
      const second = await domain.foundOrganization({ [owner.userId]: 'member' })
      const stranger = await domain.signUp()
      const strangers = await domain.foundOrganization({ [stranger.userId]: 'owner' })
      const mine = await create({}, second)
      const theirs = await createProject(domain.context, actorOf(stranger), strangers, newProject())
      expect(await codes(mine.id, owner)).toEqual(Array(3).fill('TENANT_VIOLATION'))
      expect(await codes(theirs.id, owner)).toEqual(Array(3).fill('NOT_FOUND'))
      const [unknown, foreign] = await Promise.all(
        ['nobodys', theirs.id].map(id =>
          getProject(domain.context, owner, organizationId, id).catch(error => error),
        ),
      )
      expect({ ...foreign, message: foreign.message }).toEqual({ ...unknown, message: unknown.message })
      expect(await getProject(domain.context, owner, strangers, theirs.id)).toEqual(theirs)
    })

    it('are not found by a key that is pinned to it', async () => {
      const second = await domain.foundOrganization({ [owner.userId]: 'owner' })
      const mine = await create({}, second)
      const { key } = await domain.createKey(owner, { metadata: { organizationId } })
      expect(await codes(mine.id, await domain.principalOf(key))).toEqual(Array(3).fill('NOT_FOUND'))
    })
  })

  it('once deleted are gone, and their slug is free', async () => {
    const project = await create({ slug: 'free' })
    await deleteProject(domain.context, actorOf(owner), organizationId, project.id)
    await expect(
      deleteProject(domain.context, actorOf(owner), organizationId, project.id),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect((await create({ slug: 'free' })).id).not.toBe(project.id)
  })
})
