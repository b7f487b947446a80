import pg from 'pg'

const WHOLE_NUMBER_TYPES: readonly number[] = [pg.types.builtins.INT8, pg.types.builtins.NUMERIC]

/** Reads bigint columns, counts and sums as numbers, as SQLite does; pg would give text. */
export const numberTypes: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    WHOLE_NUMBER_TYPES.includes(type) ? readNumber : pg.types.getTypeParser(type, format),
}

/** @throws RangeError if a number type of JavaScript can't hold the value exactly */
function readNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value
  throw new RangeError(`The database holds a number that is too large to be read exactly: ${text}`)
}
