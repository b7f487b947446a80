import {
  KEY_FORMAT_NAMES,
  KEY_FORMATS,
  type KeyScope,
  SCOPES,
  SNIPY_SCOPES,
  SURFACES,
} from '@snoop/sdk/contract'
import { describe, expect, it } from 'vitest'
import { assertFormatKnows, assertFormatSpoken } from './assert-format-allows'

const problemOf = (work: () => void): { field: string; error: string } | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    return (error as { detail: { fields: { field: string; error: string }[] } }).detail.fields[0]
  }
}
const ALL: readonly KeyScope[] = [...SCOPES, ...SNIPY_SCOPES]

describe.each(KEY_FORMAT_NAMES)('the format %s', format => {
  const known: readonly KeyScope[] = KEY_FORMATS[format].scopes

  it('takes each of its scopes and none of another', () => {
    expect(problemOf(() => assertFormatKnows(format, known, null))).toBeUndefined()
    for (const scope of ALL) {
      const problem = problemOf(() => assertFormatKnows(format, [scope], null))
      expect(problem?.field).toBe(known.includes(scope) ? undefined : 'scopes')
    }
  })

  it('says which scopes it knows, and which not', () => {
    const foreign = ALL.filter(scope => !known.includes(scope))
    const { error = '' } = problemOf(() => assertFormatKnows(format, ALL, null)) ?? {}
    const [unknown, rest = ''] = error.split(';')
    for (const scope of foreign) expect(unknown).toContain(scope)
    for (const scope of known) expect(rest).toContain(scope)
    if (known.length === 0) expect(rest).toBe(' it knows none, so leave them out')
  })

  it('takes permissions only if it reaches resources', () => {
    const field = problemOf(() => assertFormatKnows(format, [], {}))?.field
    expect(field).toBe(format === 'ba' || format === 'sna' ? undefined : 'permissions')
  })

  it('is made only where its surface is spoken', () => {
    const { surface } = KEY_FORMATS[format]
    expect(problemOf(() => assertFormatSpoken(format, SURFACES))).toBeUndefined()
    expect(problemOf(() => assertFormatSpoken(format, [surface]))).toBeUndefined()
    const others = SURFACES.filter(other => other !== surface)
    const problem = problemOf(() => assertFormatSpoken(format, others))
    expect(problem?.field).toBe('format')
    for (const name of [surface, ...others]) expect(problem?.error).toContain(name)
  })
})
