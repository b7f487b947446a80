import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { getUserProfile, updateUserProfile } from './user-profile'

describeOnEachEngine('an account', open => {
  let domain: TestDomain
  let userId: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    userId = (await domain.signUp()).userId
  })
  const update = (change: Parameters<typeof updateUserProfile>[2], id = userId) =>
    updateUserProfile(domain.context, id, change)

  it('counts its organizations', async () => {
    expect((await getUserProfile(domain.context, userId)).organization_count).toBe(0)
    await domain.foundOrganization({ [userId]: 'owner' })
    await domain.foundOrganization({ [userId]: 'member' })
    expect((await getUserProfile(domain.context, userId)).organization_count).toBe(2)
  })

  it('keeps what is left out, and only the time changes by nothing', async () => {
    const before = await update({
      fullName: 'Ada',
      handle: `ada${userId.toLowerCase()}`,
      marketingOptOut: true,
    })
    expect(before).toMatchObject({ full_name: 'Ada', marketing_opt_out: 1 })
    domain.advance(10)
    expect(await update({})).toEqual({ ...before, updated_at: domain.now() })
    expect(await update({ marketingOptOut: false })).toMatchObject({ marketing_opt_out: 0, full_name: 'Ada' })
  })

  it('has a handle of its own', async () => {
    const other = await domain.signUp()
    await update({ handle: 'wanted' })
    await expect(update({ handle: 'wanted', fullName: 'Other' }, other.userId)).rejects.toMatchObject({
      code: 'CONFLICT',
      detail: { conflictField: 'handle' },
    })
    expect((await getUserProfile(domain.context, other.userId)).full_name).not.toBe('Other')
    expect((await update({ handle: 'wanted' })).handle).toBe('wanted')
    await update({ handle: `not-${userId.toLowerCase()}`.slice(0, 30) })
    expect((await update({ handle: 'wanted' }, other.userId)).handle).toBe('wanted')
    await update({ handle: 'free' }, other.userId)
  })

  it.each(['admin', 's-n_o-o-p'])('is refused the reserved handle %s as if it were taken', async handle => {
    const before = await getUserProfile(domain.context, userId)
    await expect(update({ handle, fullName: 'Other' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'This handle is taken',
      detail: { conflictField: 'handle' },
    })
    expect(await getUserProfile(domain.context, userId)).toEqual(before)
  })

  it('that is gone is not found', async () => {
    await domain.engine.db.deleteFrom('users').where('id', '=', userId).execute()
    await expect(getUserProfile(domain.context, userId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
