import { type FieldType, type ResourceField, ROW_FIELDS } from '@snoop/sdk/contract'

/** What a field's values are. */
export type FieldShape = Pick<ResourceField, 'type' | 'values'>

const ROW_FIELD_TYPES: Readonly<Record<(typeof ROW_FIELDS)[number], FieldType>> = {
  id: 'string',
  created_at: 'datetime',
  updated_at: 'datetime',
}

/** The shape of a field that every row or this resource has; undefined: there is none of the name. */
export const fieldShape = (fields: readonly ResourceField[], name: string): FieldShape | undefined => {
  const rowField = ROW_FIELDS.find(rowField => rowField === name)
  return rowField ? { type: ROW_FIELD_TYPES[rowField] } : fields.find(field => field.name === name)
}
