import {
  ORGANIZATION_ROLES,
  type OrganizationRole,
  type PermissionMap,
  RESOURCE_ACTIONS,
  type ResourceAction,
  type ResourceDefinition,
  type ResourceRule,
} from '@snoop/sdk/contract'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveRights, type Narrowing } from './effective-rights'

const FIELDS = ['title', 'body', 'owner']
const ALWAYS = ['id', 'created_at', 'updated_at']
/** Also what no resource has: a map may be older than the definition. */
const UNIVERSE = [...FIELDS, ...ALWAYS, 'gone', '__proto__', 'constructor']

const names = fc.subarray(UNIVERSE)
const narrowing: fc.Arbitrary<Narrowing> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('all' as const, 'none' as const) },
  {
    weight: 6,
    arbitrary: fc.dictionary(
      fc.constantFrom('notes', 'others', '__proto__', 'constructor'),
      fc.record(
        Object.fromEntries(RESOURCE_ACTIONS.map(action => [action, names])) as Record<
          ResourceAction,
          typeof names
        >,
        { requiredKeys: [] },
      ),
    ) as fc.Arbitrary<PermissionMap>,
  },
)

/** The value tells rules apart that are the same otherwise. */
const rules: fc.Arbitrary<ResourceRule[]> = fc
  .array(
    fc.record({
      role: fc.constantFrom(...ORGANIZATION_ROLES),
      action: fc.constantFrom(...RESOURCE_ACTIONS),
      fields: fc.oneof(fc.constant('*' as const), fc.subarray(FIELDS)),
      isFiltered: fc.boolean(),
    }),
    { maxLength: 10 },
  )
  .map(list =>
    list.map(({ isFiltered, ...rule }, index) => ({
      ...rule,
      filters: isFiltered ? [{ field: 'owner', op: 'eq' as const, value: `filter ${index}` }] : [],
      checks: [{ field: 'title', op: 'eq' as const, value: `rule ${index}` }],
    })),
  )
const cases = fc.record({ rules, role: fc.constantFrom(...ORGANIZATION_ROLES), narrowing })

const definition = (rules: ResourceRule[]): ResourceDefinition => ({
  name: 'notes',
  fields: FIELDS.map(name => ({ name, type: 'string', required: false, unique: false, sortable: false })),
  rules,
})

/** The obvious, one question at a time: may this rule be used for this field? */
const mayByRule = (
  rule: ResourceRule,
  role: OrganizationRole,
  narrowing: Narrowing,
  action: ResourceAction,
  field: string,
): boolean => {
  if (rule.role !== role || rule.action !== action || narrowing === 'none') return false
  const named =
    narrowing === 'all'
      ? UNIVERSE
      : Object.entries(narrowing).find(([resource]) => resource === 'notes')?.[1][action]
  if (!named) return false
  if (action === 'read' && ALWAYS.includes(field)) return true
  if (!FIELDS.includes(field) || !named.includes(field)) return false
  return rule.fields === '*' || rule.fields.includes(field)
}

const ruleNumber = (checks: readonly { readonly value?: unknown }[]) => String(checks[0]?.value)

/** Every right as a line of text: by which rule, over which rows, to do what, to which field. */
const listRights = (rules: ResourceRule[], role: OrganizationRole, narrowing: Narrowing): string[] =>
  Object.entries(effectiveRights(definition(rules), role, narrowing)).flatMap(([action, { grants }]) =>
    grants.flatMap(({ fields, filters, checks }) => {
      const grant = `${action} by ${ruleNumber(checks)} where ${JSON.stringify(filters)}`
      return [grant, ...[...fields].map(field => `${grant}: ${field}`)]
    }),
  )

describe('the rights to a resource', () => {
  it('are those of the obvious model: what both a rule and the key name, no more and no less', () => {
    fc.assert(
      fc.property(cases, ({ rules, role, narrowing }) => {
        const rights = effectiveRights(definition(rules), role, narrowing)
        const found: unknown[] = []
        const expected: unknown[] = []
        for (const action of RESOURCE_ACTIONS) {
          const applying = rules.filter(rule => rule.role === role && rule.action === action)
          const isNamed =
            narrowing === 'all' ||
            (narrowing !== 'none' &&
              Object.entries(narrowing).some(([name, actions]) => name === 'notes' && actions[action]))
          const isExpected = isNamed && applying.length > 0
          expected.push(isExpected)
          found.push(rights[action] !== undefined)
          if (!isExpected) continue
          const may = (rule: ResourceRule, field: string) => mayByRule(rule, role, narrowing, action, field)
          for (const rule of applying)
            expected.push([rule.filters, rule.checks, UNIVERSE.filter(field => may(rule, field)).sort()])
          expected.push(UNIVERSE.filter(field => applying.some(rule => may(rule, field))).sort())
          for (const { filters, checks, fields } of rights[action]?.grants ?? [])
            found.push([filters, checks, [...fields].sort()])
          found.push([...(rights[action]?.fields ?? [])].sort())
        }
        // One text: ten thousand cases are too many to compare part by part.
        expect(JSON.stringify(found)).toBe(JSON.stringify(expected))
      }),
      { numRuns: 10_000 },
    )
  })

  it('are never more than those of the role, nor than a key without rules to hold it back would have', () => {
    const unlimited = (role: OrganizationRole): ResourceRule[] =>
      RESOURCE_ACTIONS.map(action => ({ role, action, fields: '*', filters: [], checks: [] }))
    fc.assert(
      fc.property(cases, ({ rules, role, narrowing }) => {
        const ofRole = new Set(listRights(rules, role, 'all'))
        expect(listRights(rules, role, narrowing).filter(right => !ofRole.has(right))).toEqual([])
        const rights = effectiveRights(definition(rules), role, narrowing)
        const ofKey = effectiveRights(definition(unlimited(role)), role, narrowing)
        for (const action of RESOURCE_ACTIONS)
          for (const field of rights[action]?.fields ?? [])
            expect(ofKey[action]?.fields.has(field)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('never grow when anything is taken from a rule or from the key', () => {
    const seeds = fc.record({ which: fc.nat(), what: fc.nat() })
    fc.assert(
      fc.property(cases, seeds, ({ rules, role, narrowing }, { which, what }) => {
        const before = new Set(listRights(rules, role, narrowing))
        const expectNoMore = (after: string[]) => {
          expect(after.filter(right => !before.has(right))).toEqual([])
        }
        expectNoMore(listRights(rules, role, 'none'))
        const index = which % Math.max(rules.length, 1)
        expectNoMore(
          listRights(
            rules.filter((_, at) => at !== index),
            role,
            narrowing,
          ),
        )
        const narrower = rules.map((rule, at) =>
          at === index
            ? {
                ...rule,
                fields: (rule.fields === '*' ? FIELDS : rule.fields).filter((_, n) => n !== what % 3),
              }
            : rule,
        )
        expectNoMore(listRights(narrower, role, narrowing))
        if (typeof narrowing === 'string') return
        const { notes = {}, ...others } = narrowing
        expectNoMore(listRights(rules, role, others))
        const action = RESOURCE_ACTIONS[which % RESOURCE_ACTIONS.length] as ResourceAction
        const { [action]: named, ...otherActions } = notes
        expectNoMore(
          listRights(rules, role, 'notes' in narrowing ? { ...narrowing, notes: otherActions } : narrowing),
        )
        if (!named) return
        const fewer = named.filter((_, at) => at !== what % Math.max(named.length, 1))
        expectNoMore(listRights(rules, role, { ...narrowing, notes: { ...notes, [action]: fewer } }))
      }),
      { numRuns: 3000 },
    )
  })

  it('of a resource with the name of something that every object has are none, where the key does not name it', () => {
    const named = { ...definition([]), name: 'constructor', rules: undefined }
    expect(effectiveRights(named, 'owner', {})).toEqual({})
    expect(effectiveRights(named, 'owner', { notes: { create: ['title'] } })).toEqual({})
  })

  it('of a resource without rules: owners and admins everything, members read', () => {
    const { rules: _, ...bare } = definition([])
    const actions = (role: OrganizationRole) => Object.keys(effectiveRights(bare, role, 'all'))
    expect(actions('owner')).toEqual(RESOURCE_ACTIONS)
    expect(actions('admin')).toEqual(RESOURCE_ACTIONS)
    expect(actions('member')).toEqual(['read'])
    const { read, create } = effectiveRights(bare, 'owner', 'all')
    expect([...(read?.fields ?? [])].sort()).toEqual([...FIELDS, ...ALWAYS].sort())
    expect([...(create?.fields ?? [])].sort()).toEqual([...FIELDS].sort())
  })
})
