import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { buildOpenApi, contract, impliedErrors, listEndpoints } from '.'

interface Operation {
  operationId: string
  security: Record<string, string[]>[]
  parameters?: { name: string; in: string; required: boolean; schema: Record<string, unknown> }[]
  requestBody?: unknown
  responses: Record<string, { headers: object; content: Record<string, { schema: object }> }>
}
interface Document {
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, Record<string, unknown>>
    securitySchemes: Record<string, Record<string, unknown>>
  }
}

const build = (serverUrl = 'https://auth.example.com') =>
  buildOpenApi({ serverUrl, version: '1.2.3' }) as unknown as Document
const document = build()

const operationOf = (name: string): Operation =>
  Object.values(document.paths)
    .flatMap(path => Object.values(path))
    .find(operation => operation.operationId === name)!

const codesOf = (name: string, status: number): string[] => {
  const schema = JSON.stringify(
    operationOf(name).responses[status]?.content['application/json']?.schema ?? {},
  )
  return JSON.parse(schema.match(/"code":\{"enum":(\[[^\]]*\])/)?.[1] ?? '[]')
}

test('an OpenAPI validator accepts the document', async () => {
  const validator = new Validator()
  expect(await validator.validate(JSON.parse(JSON.stringify(document)))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('every endpoint is there under its method and path, and no other', () => {
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId }]) => `${operationId} ${method} ${path}`),
  )
  const expected = listEndpoints().map(
    ({ name, endpoint }) =>
      `${name} ${endpoint.method.toLowerCase()} ${endpoint.path.replace(/:(\w+)/g, '{$1}')}`,
  )
  expect(described.sort()).toEqual(expected.sort())
})

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([\w-]+)"/g)]
  expect(references.length).toBeGreaterThan(listEndpoints().length)
  const components = document.components as unknown as Record<string, Record<string, unknown>>
  for (const [, kind, name] of references) expect(components[kind!]).toHaveProperty(name!)
  expect(JSON.stringify(document)).not.toContain('$defs')
})

test('a named schema means what the server answers: no request refers to one', () => {
  for (const { name } of listEndpoints()) {
    expect(JSON.stringify(operationOf(name).requestBody ?? {})).not.toContain('$ref')
  }
})

test('answers may gain fields: no schema closes its object', () => {
  expect(JSON.stringify(document)).not.toContain('"additionalProperties":false')
  expect(document.components.schemas.Project).toMatchObject({ type: 'object', properties: { id: {} } })
})

test('requests are described as callers write them, answers as the server gives them', () => {
  const create = JSON.stringify(operationOf('projects.create').requestBody)
  expect(create).toContain('"required":["name"]')
  expect(JSON.stringify(document.components.schemas.Project)).toContain('"timezone"')
  const limit = operationOf('projects.list').parameters!.find(({ name }) => name === 'limit')!
  expect(limit).toMatchObject({ in: 'query', required: false, schema: { default: 20, maximum: 100 } })
  const organizationId = operationOf('projects.list').parameters!.find(part => part.in === 'path')!
  expect(organizationId).toMatchObject({ name: 'organizationId', required: true })
})

test('the session cookie has the name that it has under the scheme of the server', () => {
  expect(document.components.securitySchemes.session!.name).toBe('__Host-snoop_session')
  expect(build('http://127.0.0.1:3000').components.securitySchemes.session!.name).toBe('snoop_session')
})

test('security says which credentials an endpoint takes, and with which scopes', () => {
  expect(operationOf('auth.signInEmail').security).toEqual([])
  expect(operationOf('auth.listSessions').security).toEqual([{ session: [] }])
  expect(operationOf('projects.list').security).toEqual([
    { session: [] },
    { apiKey: ['projects:read'] },
    { accessToken: ['projects:read'] },
  ])
})

describe('errors', () => {
  test('are grouped by status, own and implied ones together', () => {
    expect(codesOf('projects.create', 409)).toEqual(['CONFLICT'])
    expect(codesOf('projects.create', 400)).toEqual(['VALIDATION_ERROR', 'MALFORMED_JSON', 'BODY_TOO_LARGE'])
    expect(codesOf('projects.create', 415)).toEqual(['UNSUPPORTED_MEDIA_TYPE'])
    expect(codesOf('projects.create', 429)).toEqual(['RATE_LIMIT_ERROR'])
    expect(codesOf('projects.create', 500)).toEqual(['INTERNAL_SERVER_ERROR'])
    expect(codesOf('projects.create', 503)).toEqual(['SERVICE_UNAVAILABLE'])
  })

  test('Retry-After comes with 429 alone', () => {
    for (const { name } of listEndpoints()) {
      for (const [status, response] of Object.entries(operationOf(name).responses)) {
        expect('Retry-After' in response.headers).toBe(status === '429')
      }
    }
  })

  test.each([
    [
      'auth.signInEmail',
      contract.auth.signInEmail,
      { without: ['AUTHENTICATION_REQUIRED', 'NO_PERMISSIONS'] },
    ],
    [
      'auth.listSessions',
      contract.auth.listSessions,
      { with: ['NO_PERMISSIONS', 'AUTHENTICATION_REQUIRED'] },
    ],
    [
      'user.me',
      contract.user.me,
      { with: ['API_KEY_MISSING_SCOPES'], without: ['FORBIDDEN', 'NO_PERMISSIONS'] },
    ],
    [
      'projects.get',
      contract.projects.get,
      { with: ['FORBIDDEN', 'VALIDATION_ERROR'], without: ['MALFORMED_JSON'] },
    ],
    ['projects.create', contract.projects.create, { with: ['ORIGIN_NOT_ALLOWED', 'MALFORMED_JSON'] }],
    ['projects.list', contract.projects.list, { without: ['ORIGIN_NOT_ALLOWED'] }],
    ['service.health', contract.service.health, { without: ['RATE_LIMIT_ERROR'] }],
  ])(
    'of %s follow from its access, input and limits',
    (_, endpoint, expected: { with?: string[]; without?: string[] }) => {
      const codes: string[] = impliedErrors(endpoint)
      expect(codes).toEqual(expect.arrayContaining(expected.with ?? []))
      expect(codes.filter(code => expected.without?.includes(code))).toEqual([])
    },
  )
})
