import type { Endpoint } from '@snoop/sdk/contract'
import { z } from 'zod'

interface JsonSchema {
  readonly type?: string
  readonly example?: unknown
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly minimum?: number
}

const sampleOf = (schema: JsonSchema): unknown => {
  if (schema.example !== undefined) return schema.example
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.default !== undefined) return schema.default
  if (schema.anyOf?.[0]) return sampleOf(schema.anyOf[0])
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name))
          .map(([name, property]) => [name, sampleOf(property)]),
      )
    case 'array':
      return schema.items && schema.minItems ? [sampleOf(schema.items)] : []
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1)
    case 'boolean':
      return true
    default:
      return 'sample text'
  }
}

const sampleShape = (shape: z.ZodType | undefined): Record<string, unknown> =>
  shape
    ? (sampleOf(z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }) as JsonSchema) as Record<
        string,
        unknown
      >)
    : {}

/** Values of fields by their names. */
export type SampleValues = Readonly<Record<string, unknown>>

/** A request that an endpoint's schemas accept, made from the contract alone. */
export interface SampleRequest {
  readonly method: string
  readonly path: string
  readonly body: Record<string, unknown> | undefined
}

/**
 * Fills an endpoint's path, query and body with values that pass its schemas.
 * @param ids what to put wherever the endpoint has a field of this name, such as an id; other fields get samples
 */
export const sampleRequest = (endpoint: Endpoint, ids: SampleValues): SampleRequest => {
  const withIds = (shape: z.ZodObject | undefined) => ({
    ...sampleShape(shape),
    ...Object.fromEntries(Object.entries(ids).filter(([name]) => shape && name in shape.shape)),
  })
  const params = withIds(endpoint.params)
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const query = new URLSearchParams(withIds(endpoint.query) as Record<string, string>).toString()
  const body = endpoint.body ? withIds(endpoint.body) : undefined
  return { method: endpoint.method, path: query ? `${path}?${query}` : path, body }
}
