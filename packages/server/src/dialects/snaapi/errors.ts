import { ERROR_CATALOGUE } from '@snoop/sdk/contract'
import type { DomainError } from '../../domain/domain-error'
import type { Rendered } from '../../http/dialect'

const renderDetails = ({ detail }: DomainError): Record<string, unknown> | undefined => {
  const { required, missing, conflictField, planLimit } = detail
  const details = {
    ...(required && { required }),
    ...(missing && { missing }),
    ...(conflictField !== undefined && { field: conflictField }),
    ...planLimit,
  }
  return Object.keys(details).length > 0 ? details : undefined
}

/** Codes and statuses are those of the catalogue. `errors`: what is wrong with which field; `details`: what else a program can use. */
export const renderError = (error: DomainError): Rendered => {
  const { code, message } = error
  const details = renderDetails(error)
  const errors = error.detail.fields?.map(({ field, error, location = 'body' }) => ({
    field,
    error,
    location,
  }))
  return {
    status: ERROR_CATALOGUE[code].status,
    body: { code, message, ...(errors && { errors }), ...(details && { details }) },
  }
}
