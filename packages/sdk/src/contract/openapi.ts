import type { z } from 'zod'
import type { NamedEndpoint } from './contract'
import type { Endpoint } from './endpoint'
import { type JsonSchema, type NamedSchemas, toJsonSchema } from './json-schema'
import { buildComponents } from './openapi-components'
import { type Json, jsonContent, responses } from './openapi-responses'
import { wireOf } from './surfaces'
import { IDEMPOTENCY_KEY_HEADER, type Surface } from './vocabulary'

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

/** Whether a key or a token never suffices. */
const needsSession = ({ access }: Endpoint): boolean =>
  access.kind === 'session' || (access.kind === 'organization' && access.fresh === true)

const securityOf = (endpoint: Endpoint): Json[] => {
  const { access } = endpoint
  if (access.kind === 'public') return []
  if (access.kind === 'session' || needsSession(endpoint)) return [{ session: [] }]
  const scopes = endpoint.dialect ? [] : access.scopes
  return wireOf(endpoint).credentials.map(name => ({ [name]: name === 'session' ? [] : scopes }))
}

const homeNeeds = ({
  scopes,
  scopesOf,
  permission,
}: Extract<Endpoint['access'], { kind: 'home' }>): string => {
  const role = `Acts in the organization that the credential is pinned to, else the oldest of its user's, where its role needs \`${permission}\`.`
  return scopesOf
    ? `Needs the scopes: ${Object.values(scopesOf).flat().join(', ')} (a key of the native format: ${scopes.join(', ')}). ${role}`
    : role
}

const needs = (endpoint: Endpoint): string | undefined => {
  const { access } = endpoint
  if (access.kind === 'public') return undefined
  const isFresh = 'fresh' in access && access.fresh === true
  const session = isFresh
    ? 'Needs a session that was proved within the last 15 minutes; a token does not suffice.'
    : 'Needs a signed-in session; a token does not suffice.'
  if (access.kind === 'session') return session
  if (access.kind === 'home') return homeNeeds(access)
  const credential = needsSession(endpoint) ? session : `Needs the scopes: ${access.scopes.join(', ')}.`
  return access.kind === 'organization'
    ? `${credential} Also needs, by the caller's role in the organization, \`${access.permission}\`.`
    : credential
}

const idempotencyKey: Json = {
  name: IDEMPOTENCY_KEY_HEADER,
  in: 'header',
  required: false,
  description:
    'Makes the call safe to send again for 24 hours: the same key with the same request is carried out once. 1 to 255 visible ASCII characters',
  schema: { type: 'string', pattern: '^[!-~]{1,255}$' },
}

const bodyContent = (isForm: boolean | undefined, schema: JsonSchema): Json => ({
  ...(isForm && { 'application/x-www-form-urlencoded': { schema } }),
  ...jsonContent(schema),
})

const operation = ({ name, tag, endpoint }: NamedEndpoint, named: NamedSchemas): Json => {
  const description = [endpoint.description, needs(endpoint)].filter(Boolean).join('\n\n')
  const parameters = [
    ...parametersIn('path', endpoint.params, named),
    ...parametersIn('query', endpoint.query, named),
    ...(endpoint.idempotency ? [idempotencyKey] : []),
  ]
  return {
    operationId: name,
    tags: [tag],
    summary: endpoint.summary,
    ...(description !== '' && { description }),
    security: securityOf(endpoint),
    ...(parameters.length > 0 && { parameters }),
    ...(endpoint.body && {
      requestBody: {
        required: true,
        content: bodyContent(endpoint.form, toJsonSchema(endpoint.body, 'input', named)),
      },
    }),
    responses: responses(endpoint, named),
  }
}

export interface OpenApiOptions {
  /** The origin that clients call, such as `https://auth.example.com`. */
  readonly serverUrl: string
  /** The server's version. */
  readonly version: string
  /** Which of its surfaces are switched on; left out: all. */
  readonly surfaces?: readonly Surface[]
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
        'Accounts, sessions, personal access tokens, tenants, and the surfaces snipy, snaptrack and snaapi. Plain HTTP, but on loopback, is 403 `HTTPS_REQUIRED`.',
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map(name => ({ name })),
    paths,
    components: buildComponents(named, serverUrl),
  }
}
