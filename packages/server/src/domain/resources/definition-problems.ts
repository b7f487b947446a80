import {
  type ResourceDefinition,
  type ResourceField,
  type ResourceRule,
  ROW_FIELDS,
  type RuleCondition,
} from '@snoop/sdk/contract'
import type { FieldProblem } from '../domain-error'
import { conditionProblem } from '../fields/condition-problem'
import { fieldShape } from '../fields/field-shape'
import { namableFields } from './effective-rights'

/** Where in the definition, such as `fields.0.name`, and what is wrong there. */
type Problem = Pick<FieldProblem, 'field' | 'error'>

/** Left out of every JSON that comes in: a field or resource of such a name could not be used. */
const UNUSABLE_NAMES: readonly string[] = ['__proto__', 'constructor']

const nameProblem = (name: string): string | false =>
  UNUSABLE_NAMES.includes(name) && `${name} cannot be used as a name: choose another one`

const isTwice = (list: readonly unknown[], item: unknown, at: number): boolean => list.indexOf(item) !== at

const fieldProblems = (fields: readonly ResourceField[]): Problem[] => {
  const names = fields.map(({ name }) => name)
  return fields.flatMap(({ name, type, values, unique, sortable }, at) => {
    const found: (readonly [part: string, error: string | false])[] = [
      ['name', isTwice(names, name, at) && `Another field is called ${name}`],
      ['name', nameProblem(name)],
      ['name', ROW_FIELDS.some(known => known === name) && `Every row has ${name} anyway`],
      ['values', type === 'enum' && !values && 'A field of the type enum needs its values'],
      ['values', type !== 'enum' && values !== undefined && 'Only fields of the type enum have values'],
      ['values', values?.some((value, n) => isTwice(values, value, n)) === true && 'A value is there twice'],
      ['unique', unique && type === 'json' && 'A field of the type json cannot be unique'],
      ['sortable', sortable && type === 'json' && 'Rows cannot be sorted by a field of the type json'],
    ]
    return found.flatMap(([part, error]) => (error ? [{ field: `fields.${at}.${part}`, error }] : []))
  })
}

const resourceNameProblems = ({ name }: ResourceDefinition): Problem[] => {
  const error = nameProblem(name)
  return error ? [{ field: 'name', error }] : []
}

const conditionProblems = (
  fields: readonly ResourceField[],
  conditions: readonly RuleCondition[],
  place: string,
): Problem[] =>
  conditions.flatMap((condition, at) => {
    const shape = fieldShape(fields, condition.field)
    const error = shape ? conditionProblem(shape, condition) : `The resource has no field ${condition.field}`
    return error === undefined ? [] : [{ field: `${place}.${at}`, error }]
  })

const ruleProblems = (definition: ResourceDefinition, rule: ResourceRule, place: string): Problem[] => {
  const { action, filters, checks } = rule
  const known = namableFields(definition, action)
  const named = rule.fields === '*' ? [] : rule.fields
  const problems: Problem[] = named.flatMap((name, at) =>
    known.includes(name)
      ? []
      : [{ field: `${place}.fields.${at}`, error: `There is no field ${name} to ${action}` }],
  )
  if (action === 'create' && filters.length > 0)
    problems.push({
      field: `${place}.filters`,
      error: 'A row that is created is found by no filter: use checks',
    })
  if ((action === 'read' || action === 'delete') && checks.length > 0)
    problems.push({ field: `${place}.checks`, error: `To ${action} writes nothing to check: use filters` })
  const ofRow = checks.findIndex(({ field }) => ROW_FIELDS.some(known => known === field))
  if (ofRow >= 0)
    problems.push({
      field: `${place}.checks.${ofRow}`,
      error: 'Is given by the server, so there is nothing to check',
    })
  return [
    ...problems,
    ...conditionProblems(definition.fields, filters, `${place}.filters`),
    ...conditionProblems(definition.fields, checks, `${place}.checks`),
  ]
}

/** Each is held against each row that is read or written. */
const MAX_RULE_PATTERNS = 5

/** Of one role and action, whose rules are tried together. */
const patternProblems = (rules: readonly ResourceRule[]): Problem[] => {
  const counts = new Map<string, number>()
  return rules.flatMap(({ role, action, filters, checks }, at) => {
    const patterns = [...filters, ...checks].filter(({ op }) => op === 'like' || op === 'ilike').length
    const before = counts.get(`${role} ${action}`) ?? 0
    counts.set(`${role} ${action}`, before + patterns)
    if (before > MAX_RULE_PATTERNS || before + patterns <= MAX_RULE_PATTERNS) return []
    const error = `The rules of one role and action have at most ${MAX_RULE_PATTERNS} patterns, by like and ilike`
    return [{ field: `rules.${at}`, error }]
  })
}

/** What is wrong with a definition beyond its shape; empty if it can be used. Pure. */
export const definitionProblems = (definition: ResourceDefinition): Problem[] => [
  ...resourceNameProblems(definition),
  ...fieldProblems(definition.fields),
  ...(definition.rules ?? []).flatMap((rule, at) => ruleProblems(definition, rule, `rules.${at}`)),
  ...patternProblems(definition.rules ?? []),
]
