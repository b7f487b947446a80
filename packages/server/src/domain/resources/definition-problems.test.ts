import type { ResourceDefinition, ResourceField, ResourceRule, RuleCondition } from '@snoop/sdk/contract'
import { describe, expect, it } from 'vitest'
import { BUILT_IN_RESOURCES } from './built-in-resources'
import { definitionProblems } from './definition-problems'

const field = (details: Partial<ResourceField> = {}): ResourceField => ({
  name: 'title',
  type: 'string',
  required: false,
  unique: false,
  sortable: false,
  ...details,
})
const rule = (details: Partial<ResourceRule> = {}): ResourceRule => ({
  role: 'member',
  action: 'update',
  fields: '*',
  filters: [],
  checks: [],
  ...details,
})
const FIELDS: ResourceField[] = [
  field(),
  field({ name: 'count', type: 'number' }),
  field({ name: 'done', type: 'boolean' }),
  field({ name: 'extra', type: 'json' }),
  field({ name: 'due', type: 'datetime' }),
  field({ name: 'ref', type: 'uuid' }),
  field({ name: 'state', type: 'enum', values: ['open', 'shut'] }),
]

const problems = (definition: Partial<ResourceDefinition>) =>
  definitionProblems({ name: 'notes', fields: FIELDS, ...definition })
const places = (definition: Partial<ResourceDefinition>) => problems(definition).map(({ field }) => field)
const ofCondition = (condition: RuleCondition) =>
  problems({ rules: [rule({ filters: [condition] })] }).map(({ error }) => error)

describe('a definition', () => {
  it('that is built in is sound', () => {
    for (const resource of BUILT_IN_RESOURCES) expect(definitionProblems(resource)).toEqual([])
  })

  it('has fields whose names differ, and are none that every row has', () => {
    expect(places({ fields: [field(), field()] })).toEqual(['fields.1.name'])
    for (const name of ['id', 'created_at', 'updated_at'])
      expect(places({ fields: [field({ name })] })).toEqual(['fields.0.name'])
  })

  it('has no name that is left out of every JSON, nor has a field of it', () => {
    for (const name of ['constructor', '__proto__']) {
      expect(places({ name })).toEqual(['name'])
      expect(places({ fields: [field({ name })] })).toEqual(['fields.0.name'])
    }
  })

  it('gives values to enums, each once, and to nothing else', () => {
    expect(places({ fields: [field({ type: 'enum' })] })).toEqual(['fields.0.values'])
    expect(places({ fields: [field({ type: 'enum', values: ['a', 'a'] })] })).toEqual(['fields.0.values'])
    expect(places({ fields: [field({ values: ['a'] })] })).toEqual(['fields.0.values'])
    expect(places({ fields: [field({ type: 'enum', values: ['a'] })] })).toEqual([])
  })

  it('neither sorts by JSON nor compares it', () => {
    const json = field({ type: 'json', unique: true, sortable: true })
    expect(places({ fields: [json] })).toEqual(['fields.0.unique', 'fields.0.sortable'])
    expect(ofCondition({ field: 'extra', op: 'eq', value: 'x' })).toHaveLength(1)
    expect(ofCondition({ field: 'extra', op: 'is_null' })).toEqual([])
  })

  it('has rules that name what there is, and what the action can use', () => {
    expect(places({ rules: [rule({ fields: ['title', 'gone'] })] })).toEqual(['rules.0.fields.1'])
    expect(places({ rules: [rule({ fields: ['id'] })] })).toEqual(['rules.0.fields.0'])
    expect(places({ rules: [rule({ action: 'read', fields: ['id', 'title'] })] })).toEqual([])
    const open: RuleCondition[] = [{ field: 'state', op: 'eq', value: 'open' }]
    expect(places({ rules: [rule({ action: 'create', filters: open })] })).toEqual(['rules.0.filters'])
    expect(places({ rules: [rule({ action: 'read', checks: open })] })).toEqual(['rules.0.checks'])
    expect(places({ rules: [rule({ action: 'delete', checks: open })] })).toEqual(['rules.0.checks'])
    expect(places({ rules: [rule({ filters: open, checks: open })] })).toEqual([])
    const ofId: RuleCondition[] = [{ field: 'id', op: 'eq', value: 'x' }]
    expect(places({ rules: [rule({ checks: ofId })] })).toEqual(['rules.0.checks.0'])
    expect(places({ rules: [rule({ filters: ofId })] })).toEqual([])
    const ofNothing: RuleCondition[] = [{ field: 'gone', op: 'eq', value: 'x' }]
    expect(places({ rules: [rule({ checks: ofNothing })] })).toEqual(['rules.0.checks.0'])
  })

  it.each<RuleCondition>([
    { field: 'title', op: 'eq', value: 'x' },
    { field: 'title', op: 'eq', claim: 'email' },
    { field: 'title', op: 'ilike', value: 'x%' },
    { field: 'title', op: 'in', value: ['x', 'y'] },
    { field: 'title', op: 'is_not_null' },
    { field: 'count', op: 'lte', value: 1.5 },
    { field: 'done', op: 'neq', value: true },
    { field: 'due', op: 'gt', value: '2026-01-31T12:00:00Z' },
    { field: 'ref', op: 'eq', value: '00000000-0000-4000-8000-000000000000' },
    { field: 'state', op: 'nin', value: ['open'] },
    { field: 'created_at', op: 'gt', value: '2026-01-31T12:00:00Z' },
  ])('may have the condition %j', condition => {
    expect(ofCondition(condition)).toEqual([])
  })

  it.each<RuleCondition>([
    { field: 'title', op: 'eq' },
    { field: 'title', op: 'eq', value: 'x', claim: 'id' },
    { field: 'title', op: 'eq', value: null },
    { field: 'title', op: 'eq', value: 1 },
    { field: 'title', op: 'eq', value: ['x'] },
    { field: 'title', op: 'eq', value: 'a\0b' },
    { field: 'title', op: 'in', value: 'x' },
    { field: 'title', op: 'in', claim: 'id' },
    { field: 'title', op: 'like', claim: 'email' },
    { field: 'title', op: 'is_null', value: 'x' },
    { field: 'title', op: 'is_null', claim: 'id' },
    { field: 'count', op: 'eq', value: '1' },
    { field: 'count', op: 'eq', claim: 'id' },
    { field: 'count', op: 'like', value: '1%' },
    { field: 'count', op: 'in', value: [1, 'x'] },
    { field: 'done', op: 'gt', value: true },
    { field: 'due', op: 'gt', value: 'tomorrow' },
    { field: 'due', op: 'gt', value: '2026-02-30T12:00:00Z' },
    { field: 'ref', op: 'eq', value: 'x' },
    { field: 'ref', op: 'eq', claim: 'id' },
    { field: 'state', op: 'eq', value: 'ajar' },
    { field: 'created_at', op: 'eq', claim: 'id' },
  ])('may not have the condition %j', condition => {
    expect(ofCondition(condition)).toHaveLength(1)
  })
})
