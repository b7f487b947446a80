import { describe, expect, it } from 'vitest'
import { retryOnCollision } from './retry-on-collision'

const collision = (columns: string) => new Error(`UNIQUE constraint failed: ${columns}`)

/** Fails with each of the errors in turn, then succeeds. */
const failing = (...errors: Error[]) => {
  const run = { tries: 0 }
  const work = async () => {
    const error = errors[run.tries++]
    if (error) throw error
    return 'done'
  }
  return { run, work }
}

describe('work that chooses a name', () => {
  it('runs again when the name was taken meanwhile', async () => {
    const { run, work } = failing(
      collision('users.handle'),
      collision('projects.organization_id, projects.slug'),
    )
    expect(await retryOnCollision(['handle', 'slug'], work)).toBe('done')
    expect(run.tries).toBe(3)
  })

  it.each([
    ['a column that it does not choose', collision('users.email')],
    ['anything else', new Error('disk full')],
  ])('fails at once by %s', async (_what, error) => {
    const { run, work } = failing(error)
    await expect(retryOnCollision(['handle'], work)).rejects.toBe(error)
    expect(run.tries).toBe(1)
  })

  it('gives up after five tries', async () => {
    const { run, work } = failing(...Array(9).fill(collision('users.handle')))
    await expect(retryOnCollision(['handle'], work)).rejects.toThrow('UNIQUE')
    expect(run.tries).toBe(5)
  })
})
