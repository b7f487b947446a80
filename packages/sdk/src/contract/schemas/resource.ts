import { z } from 'zod'
import { CLAIMS, FIELD_TYPES, FILTER_OPERATORS, ORGANIZATION_ROLES, RESOURCE_ACTIONS } from '../vocabulary'
import { timestampSchema } from './primitive'

const word = /^[a-z][a-z0-9_]{0,47}$/
export const resourceNameSchema = z
  .string()
  .regex(word, 'Must be 1 to 48 lower-case letters, digits or _, beginning with a letter')
  .meta({ example: 'posts' })

/** Strict throughout: a mistyped word in a rule must not make it mean more than was meant. */
const fieldSchema = z.strictObject({
  name: z
    .string()
    .regex(word, 'Must be 1 to 48 lower-case letters, digits or _, beginning with a letter')
    .meta({ example: 'title' }),
  type: z.enum(FIELD_TYPES),
  required: z.boolean().default(false),
  unique: z.boolean().default(false).describe('No two rows of an organization have the same value'),
  sortable: z.boolean().default(false),
  values: z.array(z.string().min(1).max(100)).min(1).max(100).optional().describe('Of the type `enum`'),
})
export type ResourceField = z.output<typeof fieldSchema>

const conditionSchema = z
  .strictObject({
    field: z.string().min(1).max(48),
    op: z.enum(FILTER_OPERATORS).default('eq'),
    value: z
      .union([
        z.string(),
        z.number(),
        z.boolean(),
        z.null(),
        z.array(z.union([z.string(), z.number()])).max(100),
      ])
      .optional(),
    claim: z.enum(CLAIMS).optional().describe('Instead of `value`: something of the caller'),
  })
  .describe('A comparison of a field with a value, or with something of the caller')
export type RuleCondition = z.output<typeof conditionSchema>

const ruleSchema = z.strictObject({
  role: z.enum(ORGANIZATION_ROLES),
  action: z.enum(RESOURCE_ACTIONS),
  fields: z
    .union([z.literal('*'), z.array(z.string().min(1).max(48)).max(200)])
    .default('*')
    .describe('Fields that may be read or written; `*`: all'),
  filters: z.array(conditionSchema).max(20).default([]).describe('Only rows that meet all of them'),
  checks: z.array(conditionSchema).max(20).default([]).describe('What a row must meet once it is written'),
})
export type ResourceRule = z.output<typeof ruleSchema>

const shape = {
  fields: z.array(fieldSchema).min(1).max(100),
  rules: z
    .array(ruleSchema)
    .max(100)
    .optional()
    .describe(
      'What each role may do; an action that no rule of a role names it may not do. Left out: owners and admins everything, members read',
    ),
}
/** A resource as somebody defines it. */
export const resourceDefinitionSchema = z.strictObject({ name: resourceNameSchema, ...shape })
export type ResourceDefinition = z.output<typeof resourceDefinitionSchema>
export const resourceChangeSchema = z.strictObject(shape)

export const resourceSchema = z
  .object({
    name: resourceNameSchema,
    origin: z
      .enum(['built-in', 'schema-file', 'organization'])
      .describe('Where it is defined; only those of the organization can be changed here'),
    fields: z.array(fieldSchema).describe('Those that the caller may read or write'),
    rules: z.array(ruleSchema).optional().describe('Left out for callers who may define no resources'),
  })
  .meta({ id: 'Resource' })
/** As callers see it. */
export type ShownResource = z.output<typeof resourceSchema>
/** With its rules filled in. */
export type Resource = ShownResource & { rules: ResourceRule[] }

/** A row: the fields of its resource, as far as the caller may see them. */
export const rowSchema = z
  .looseObject({
    id: z.string(),
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'Row' })
export type Row = z.output<typeof rowSchema>
