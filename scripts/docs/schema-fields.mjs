import { anchor, code } from './markdown.mjs'

/** @typedef {{ name: string, type: string, isRequired: boolean, notes: string }} Field */

/**
 * The fields of a JSON Schema object as rows, nested ones dotted.
 * @param {Record<string, any>} schema as `toJSONSchema()` gives it
 * @returns {Field[]}
 */
export const fieldsOf = schema =>
  Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const { inner, isNullable } = withoutNull(property)
    const field = {
      name,
      type: `${typeOf(inner)}${isNullable ? ' or null' : ''}`,
      isRequired: schema.required?.includes(name) ?? false,
      notes: notesOf(property, inner),
    }
    const nested = fieldsOf(inner).map(child => ({ ...child, name: `${name}.${child.name}` }))
    return [field, ...nested]
  })

/** `anyOf: [T, null]` and `type: [T, 'null']` are a T that may be null. */
const withoutNull = schema => {
  if (Array.isArray(schema.type) && schema.type.length === 2 && schema.type[1] === 'null') {
    return { inner: { ...schema, type: schema.type[0] }, isNullable: true }
  }
  const others = schema.anyOf?.filter(option => option.type !== 'null' && option.const !== 'null')
  if (others?.length !== 1) return { inner: schema, isNullable: false }
  return { inner: others[0], isNullable: true }
}

/** A type in the words of the reference; named objects link to their own section. */
export const typeOf = schema => {
  if (schema.$ref !== undefined) return link(schema.$ref)
  if (schema.const !== undefined) return code(JSON.stringify(schema.const))
  if (schema.enum?.includes('user:read')) return '[scope](#scopes)'
  if (schema.enum !== undefined) return schema.enum.map(value => code(String(value))).join(', ')
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}`
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ')
  if (schema.format === 'date-time') return 'time'
  if (schema.format === 'email') return 'e-mail address'
  if (schema.format === 'uri') return 'URL'
  return schema.type ?? 'anything'
}

const link = ref => {
  const name = ref.split('/').at(-1)
  return `[${name}](#${anchor(name)})`
}

/** Bounds that only keep a number a number say nothing to a reader. */
const isTechnical = bound => Math.abs(bound) >= Number.MAX_SAFE_INTEGER || bound === 2 ** 31 - 1

const notesOf = (property, inner) => {
  const description = property.description ?? inner.description
  const { minLength, maxLength, minimum, maximum } = inner
  const length = range(minLength, maxLength)
  const size = range(isTechnical(minimum) ? undefined : minimum, isTechnical(maximum) ? undefined : maximum)
  return [
    description,
    property.default === undefined ? undefined : `default ${code(String(property.default))}`,
    length === undefined ? undefined : `${length} characters`,
    size,
  ]
    .filter(note => note !== undefined)
    .join('; ')
}

const range = (least, most) => {
  if (least !== undefined && most !== undefined) return `${least} to ${most}`
  if (most !== undefined) return `at most ${most}`
  return least === undefined ? undefined : `at least ${least}`
}

/**
 * A value that fits a schema: its own example where it has one.
 * @param {Record<string, any>} schema
 * @returns {unknown}
 */
export const exampleOf = schema => {
  const { inner } = withoutNull(schema)
  if (inner.example !== undefined) return inner.example
  if (inner.const !== undefined) return inner.const
  if (inner.enum !== undefined) return inner.enum[0]
  if (inner.format === 'password') return 'a-long-secure-passphrase'
  if (inner.type === 'object') return exampleObject(inner)
  if (inner.type === 'array') return [exampleOf(inner.items)]
  if (inner.type === 'boolean') return true
  if (inner.type === 'integer' || inner.type === 'number') return inner.minimum ?? 1
  return 'Example'
}

/** Its own example; else needed fields, and of the others the first one if nothing is needed. */
export const exampleObject = schema => {
  if (schema.example !== undefined) return schema.example
  const properties = Object.entries(schema.properties ?? {})
  const needed = properties.filter(([name]) => schema.required?.includes(name))
  const shown = needed.length > 0 ? needed : properties.slice(0, 1)
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(property)]))
}
