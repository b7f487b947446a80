import type { FieldType, ResourceField } from '@snoop/sdk/contract'

/** A field of a built-in resource. @param options what it is besides: required, unique, sortable, the values of an enum */
export const builtInField = <Name extends string>(
  name: Name,
  type: FieldType,
  options: Partial<Omit<ResourceField, 'name' | 'type'>> = {},
): ResourceField & { readonly name: Name } => ({
  name,
  type,
  required: false,
  unique: false,
  sortable: false,
  ...options,
})
