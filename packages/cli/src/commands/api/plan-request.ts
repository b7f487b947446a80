import type { Surface } from '@snoop/sdk'
import { type Access, type Endpoint, findEndpoint, listEndpoints } from '@snoop/sdk/contract'
import { usageError } from '../../cli-error'
import { isRecord } from './is-record'

/** A request as the command line describes it, before the organization in use is filled in. */
export interface PlannedRequest {
  readonly method: string
  /** May hold `{org}`. */
  readonly path: string
  readonly query: Readonly<Record<string, string | number | boolean | null>>
  readonly body: unknown
  /** What the contract says of it; undefined for a path that the contract does not have. */
  readonly access: Access | undefined
  readonly surface: Surface
  /** The answer is a file. */
  readonly isFile: boolean
}

export interface Typed {
  readonly target: string | undefined
  readonly path: string | undefined
  readonly fields: Readonly<Record<string, unknown>>
  /** The JSON of `--input`; undefined without it. */
  readonly input: unknown
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
const WITHOUT_BODY = ['GET', 'HEAD', 'OPTIONS', 'DELETE']
export const ORGANIZATION_PLACE = '{org}'

const isScalar = (value: unknown): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value)

const toQuery = (fields: Readonly<Record<string, unknown>>): PlannedRequest['query'] =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (!isScalar(value))
        throw usageError(`${name} goes into the address and must be a text, number or boolean.`)
      return [name, value]
    }),
  )

const pick = (fields: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter(name => fields[name] !== undefined).map(name => [name, fields[name]]))

const namesOf = (schema: { readonly shape: object } | undefined): string[] =>
  schema === undefined ? [] : Object.keys(schema.shape)

const fillPath = (path: string, fields: Readonly<Record<string, unknown>>): string =>
  path.replace(/:(\w+)/g, (_, name: string) => {
    const value = fields[name]
    if (/^(string|number)$/.test(typeof value) && /^[A-Za-z0-9_-]+$/.test(String(value))) return String(value)
    if (value === undefined && name === 'organizationId') return ORGANIZATION_PLACE
    throw usageError(`${name} is missing, or is not an id.`, `Add -f ${name}=…`)
  })

/** What the contract says of whom and what a request is for. */
const factsOf = (endpoint: Endpoint | undefined): Pick<PlannedRequest, 'access' | 'surface' | 'isFile'> => ({
  access: endpoint?.access,
  surface: endpoint?.dialect ?? 'native',
  isFile: endpoint?.file !== undefined,
})

const planOperation = (endpoint: Endpoint, { fields, input }: Typed): PlannedRequest => {
  const inPath = namesOf(endpoint.params)
  const named = namesOf(endpoint.query)
  const rest = Object.keys(fields).filter(name => !inPath.includes(name) && !named.includes(name))
  const inQuery = endpoint.openQuery === undefined ? named : [...named, ...rest]
  const elsewhere = endpoint.openQuery === undefined ? rest : []
  if (endpoint.body === undefined && (elsewhere.length > 0 || input !== undefined)) {
    throw usageError(
      `This operation takes no ${elsewhere[0] ?? 'body'}.`,
      `It takes: ${[...inPath, ...inQuery].join(', ') || 'nothing'}`,
    )
  }
  const inBody = namesOf(endpoint.body)
  const unknown = elsewhere.find(name => !inBody.includes(name))
  if (endpoint.openBody === undefined && unknown !== undefined) {
    throw usageError(
      `This operation takes no ${unknown}.`,
      `It takes: ${[...inPath, ...named, ...inBody].join(', ')}`,
    )
  }
  const given = pick(fields, elsewhere)
  const isMerged = isRecord(input) || input === undefined
  if (!isMerged && elsewhere.length > 0) throw usageError('Fields can only be added to a JSON object.')
  const body = isMerged ? { ...input, ...given } : input
  return {
    method: endpoint.method,
    path: fillPath(endpoint.path, fields),
    query: toQuery(pick(fields, inQuery)),
    body: endpoint.body === undefined ? undefined : body,
    ...factsOf(endpoint),
  }
}

const planPath = (method: string, path: string, { fields, input }: Typed): PlannedRequest => {
  const inQuery = WITHOUT_BODY.includes(method) || input !== undefined
  const endpoint = findEndpoint(method, path.split('?')[0] ?? path)
  return {
    method,
    path,
    query: inQuery ? toQuery(fields) : {},
    body: inQuery ? input : Object.keys(fields).length > 0 ? fields : undefined,
    ...factsOf(endpoint),
  }
}

const whereToLook = (target: string): string => {
  const group = target.split('.')[0]
  const isGroup = listEndpoints().some(({ name }) => name.startsWith(`${group}.`))
  return `See:  snoop api --list${isGroup ? ` ${group}` : ''}`
}

const checkPath = (path: string): string => {
  if (path.startsWith('/') && !path.startsWith('//')) return path
  throw usageError('A path starts with one slash, such as /api/user/me.', 'The server is chosen by --url.')
}

/**
 * Reads METHOD? PATH, or the name of an operation.
 * @throws CliError (exit 2)
 */
export const planRequest = (typed: Typed): PlannedRequest => {
  const { target, path } = typed
  if (target === undefined)
    throw usageError('What is to be called?', 'See:  snoop api --list, snoop api --help')
  if (path !== undefined) {
    const method = target.toUpperCase()
    if (!METHODS.includes(method))
      throw usageError(`${target} is not a method.`, `There are: ${METHODS.join(', ')}`)
    return planPath(method, checkPath(path), typed)
  }
  if (target.includes('/')) {
    if (typed.input !== undefined)
      throw usageError('A body needs a method.', `snoop api POST ${target} --input …`)
    return planPath('GET', checkPath(target), typed)
  }
  const operation = listEndpoints().find(({ name }) => name === target)
  if (operation === undefined) throw usageError(`There is no operation ${target}.`, whereToLook(target))
  return planOperation(operation.endpoint, typed)
}
