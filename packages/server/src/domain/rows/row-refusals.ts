import type { Resource, ResourceAction } from '@snoop/sdk/contract'
import { DomainError } from '../domain-error'

const refuse = (missing: readonly string[], message: string): DomainError =>
  new DomainError('INSUFFICIENT_PERMISSIONS', { message, detail: { required: missing, missing } })

/** A refusal that names what is lacking, such as `posts:update` or `posts:update:title`. */
export const lacksRight = (
  { name }: Pick<Resource, 'name'>,
  action: ResourceAction,
  fields: readonly string[] = [],
): DomainError => {
  const missing =
    fields.length === 0 ? [`${name}:${action}`] : fields.map(field => `${name}:${action}:${field}`)
  return refuse(
    missing,
    `Your role, within the permissions of your key if you use one, lacks ${missing.join(', ')}`,
  )
}

/** A refusal of a value that a check of a rule does not allow. */
export const failsCheck = (
  { name }: Pick<Resource, 'name'>,
  action: ResourceAction,
  field: string,
): DomainError =>
  refuse([`${name}:${action}:${field}`], `The rules of ${name} allow your role no row with this ${field}`)
