import { z } from 'zod'

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Schemas that carry a name (`.meta({ id })`), under that name. */
export type NamedSchemas = Map<string, JsonSchema>

const definitionsPrefix = '#/$defs/'
const componentsPrefix = '#/components/schemas/'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Says what a client needs to know, and not how zod checks it. */
const tidy = (schema: Record<string, unknown>): void => {
  if (schema.format === 'date-time') delete schema.pattern
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  // An answer may gain fields in a later version.
  if (schema.additionalProperties === false) delete schema.additionalProperties
  if ('example' in schema) {
    schema.examples = [schema.example]
    delete schema.example
  }
}

/** References to the schema's own definitions become references to the document's components. */
const pointToComponents = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(pointToComponents)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) =>
      key === '$ref' && typeof part === 'string'
        ? [key, part.replace(definitionsPrefix, componentsPrefix)]
        : [key, pointToComponents(part)],
    ),
  )
}

/**
 * Converts a zod schema, moving named schemas in it to `named`.
 * @param io `input`: as a caller writes it. `output`: as the server answers it.
 */
export const toJsonSchema = (schema: z.ZodType, io: 'input' | 'output', named: NamedSchemas): JsonSchema => {
  const { $schema, $defs, ...converted } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => tidy(jsonSchema),
  })
  for (const [id, definition] of Object.entries($defs ?? {})) {
    const { id: _, ...body } = definition
    named.set(id, pointToComponents(body) as JsonSchema)
  }
  return pointToComponents(converted) as JsonSchema
}
