import type { z } from 'zod'
import type { NamedEndpoint } from '.'
import type { Endpoint } from './endpoint'
import { type JsonSchema, type NamedSchemas, toJsonSchema } from './json-schema'
import { buildComponents } from './openapi-components'
import { type Json, jsonContent, responses } from './openapi-responses'

const parametersIn = (
  place: 'path' | 'query',
  object: z.ZodObject | undefined,
  named: NamedSchemas,
): Json[] => {
  if (!object) return []
  const { properties = {}, required = [] } = toJsonSchema(object, 'input', named)
  return Object.entries(properties as Record<string, JsonSchema>).map(
    ([name, { description, ...schema }]) => ({
      name,
      in: place,
      required: place === 'path' || (required as string[]).includes(name),
      ...(description !== undefined && { description }),
      schema,
    }),
  )
}

const securityOf = ({ access }: Endpoint): Json[] => {
  const session = { session: [] }
  switch (access.kind) {
    case 'public':
      return []
    case 'session':
      return [session]
    default:
      return [session, { apiKey: access.scopes }, { accessToken: access.scopes }]
  }
}

const needs = ({ access }: Endpoint): string | undefined => {
  switch (access.kind) {
    case 'public':
      return undefined
    case 'session':
      return 'Needs a signed-in session; a token does not suffice.'
    case 'account':
      return `Needs the scopes: ${access.scopes.join(', ')}.`
    case 'organization':
      return `Needs the scopes: ${access.scopes.join(', ')}; and, by the caller's role in the organization, \`${access.permission}\`.`
  }
}

const operation = ({ name, tag, endpoint }: NamedEndpoint, named: NamedSchemas): Json => {
  const description = [endpoint.description, needs(endpoint)].filter(Boolean).join('\n\n')
  const parameters = [
    ...parametersIn('path', endpoint.params, named),
    ...parametersIn('query', endpoint.query, named),
  ]
  return {
    operationId: name,
    tags: [tag],
    summary: endpoint.summary,
    ...(description !== '' && { description }),
    security: securityOf(endpoint),
    ...(parameters.length > 0 && { parameters }),
    ...(endpoint.body && {
      requestBody: { required: true, content: jsonContent(toJsonSchema(endpoint.body, 'input', named)) },
    }),
    responses: responses(endpoint, named),
  }
}

export interface OpenApiOptions {
  /** The origin that clients call, such as `https://auth.example.com`. */
  readonly serverUrl: string
  /** The server's version. */
  readonly version: string
}

/** Describes endpoints as an OpenAPI 3.1 document. It is made anew with each call: keep it if you serve it. */
export const describeEndpoints = (
  endpoints: readonly NamedEndpoint[],
  { serverUrl, version }: OpenApiOptions,
): Record<string, unknown> => {
  const named: NamedSchemas = new Map()
  const paths: Record<string, Record<string, Json>> = {}
  for (const entry of endpoints) {
    const path = entry.endpoint.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [entry.endpoint.method.toLowerCase()]: operation(entry, named) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Snoop',
      version,
      description:
        'Accounts, sessions, personal access tokens and tenants. Plain HTTP, but on loopback, is 403 `HTTPS_REQUIRED`.',
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map(name => ({ name })),
    paths,
    components: buildComponents(named, serverUrl),
  }
}
