import { z } from 'zod'
import { textSchema } from './primitive'

/**
 * The query of a list: `offset`, `limit`, `q` and `sort` (newest first unless it says otherwise; ties by id).
 * @param sortFields fields that the resource can be sorted by, `createdAt` always among them
 */
export const pagingQuery = <const F extends string>(...sortFields: F[]) => {
  const directions = ['createdAt', ...sortFields].flatMap(field => [field, `-${field}`]) as (
    | 'createdAt'
    | '-createdAt'
    | F
    | `-${F}`
  )[]
  return z.object({
    offset: z
      .union([
        z.literal('null').transform(() => 0),
        z.coerce.number<number | null>().int().min(0).max(2_147_483_647),
      ])
      .default(0)
      .describe('How many to pass over'),
    limit: z.coerce
      .number<number>()
      .int()
      .min(1)
      .max(100, 'Must be at most 100')
      .default(20)
      .describe('How many to return'),
    q: textSchema(200).optional().describe('Free text to look for'),
    sort: z
      .enum(directions) // The cast: TypeScript cannot see through F that '-createdAt' is always among the directions.
      .default('-createdAt' as never)
      .describe('Field to sort by; `-` for descending'),
  })
}

/** A list's query after validation, as stores take it. */
export interface PageRequest<F extends string = string> {
  readonly offset: number
  readonly limit: number
  readonly q?: string | undefined
  readonly sort: F
}
