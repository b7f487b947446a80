import { FILTER_OPERATORS } from '@snoop/sdk/contract'
import { invalidField } from '../../domain/domain-error'
import type { AskedCondition, AskedRows, AskedSort } from '../../domain/rows/row-query'

/** Query parameters as the contract leaves them: those that it names, and whatever else was sent. */
export interface RowParameters {
  readonly _sort?: string | undefined
  readonly _limit: number
  readonly _offset: number
  readonly [parameter: string]: unknown
}

const OWN_PARAMETERS: readonly string[] = ['_sort', '_limit', '_offset']

/** `field__op`, or `field` for eq. What follows the last `__` and is no operator belongs to the field's name. */
const readParameter = (parameter: string): Pick<AskedCondition, 'field' | 'op'> => {
  const at = parameter.lastIndexOf('__')
  const op = FILTER_OPERATORS.find(known => known === parameter.slice(at + 2))
  return at > 0 && op ? { field: parameter.slice(0, at), op } : { field: parameter, op: 'eq' }
}

const readConditions = (parameter: string, given: unknown): AskedCondition[] => {
  if (parameter.startsWith('_')) {
    const error = `There is no such parameter; there are ${OWN_PARAMETERS.join(', ')} and filters field__op`
    throw invalidField(parameter, error, 'query')
  }
  const asked = readParameter(parameter)
  const texts = Array.isArray(given) ? given : [given]
  return texts.map(text => ({ ...asked, parameter, text: String(text) }))
}

const readSort = (sort: string): AskedSort[] =>
  sort.split(',').map(word => ({
    parameter: '_sort',
    field: word.replace(/^-/, ''),
    isDescending: word.startsWith('-'),
  }))

/** @throws DomainError VALIDATION_ERROR for a parameter that begins with `_` and is none */
export const readRowQuery = ({ _sort = '', _limit, _offset, ...filters }: RowParameters): AskedRows => ({
  conditions: Object.entries(filters).flatMap(([parameter, given]) => readConditions(parameter, given)),
  sort: _sort === '' ? [] : readSort(_sort),
  limit: _limit,
  offset: _offset,
})
