import type { Resource } from '@snoop/sdk/contract'
import { expect, it, vi } from 'vitest'
import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import { changeRow } from './change-row'
import { createRow } from './create-row'
import { assertKnownFields } from './read-values'

const bodyOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`key_${n}`, n]))

it('a body of many keys is refused before anything is asked of the database', async () => {
  const transaction = vi.fn(() => Promise.reject(new Error('too late')))
  const context = { storage: { transaction } } as unknown as DomainContext
  const actor = { principal: {} } as Actor
  for (const count of [201, 500_000]) {
    const body = bodyOf(count)
    const refusal = expect.objectContaining({ code: 'VALIDATION_ERROR' })
    await expect(createRow(context, actor, 'o', 'posts', body)).rejects.toEqual(refusal)
    const change = changeRow(context, actor, 'o', 'posts', 'id', 'replace', body)
    await expect(change).rejects.toEqual(refusal)
  }
  expect(transaction).not.toHaveBeenCalled()
})

it('unknown keys are told as many as anybody reads, with the names that there are written once', () => {
  let reads = 0
  const field = {
    get name() {
      reads++
      return 'title'
    },
  }
  const resource = { name: 'posts', fields: [field] } as unknown as Resource
  const refusalOf = (keys: string[]) => {
    try {
      assertKnownFields(resource, resource.fields, keys)
    } catch (error) {
      return error as { message: string; detail: { fields: { field: string; error: string }[] } }
    }
    throw new Error('was let in')
  }
  const { detail } = refusalOf(Object.keys(bodyOf(100_000)))
  expect(detail.fields).toHaveLength(100)
  expect(new Set(detail.fields.map(({ error }) => error)).size).toBe(1)
  expect(reads).toBeLessThan(10)
  const { message } = refusalOf(['x'.repeat(1_000_000)])
  expect(message.length).toBeLessThan(200)
})
