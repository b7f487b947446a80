import { impliedErrorTable } from './implied-errors.mjs'
import { anchor, code, pageHead, paragraphs, sentence, table } from './markdown.mjs'
import { exampleObject, exampleOf, fieldsOf, typeOf } from './schema-fields.mjs'

const intro = `Every path below stands behind the origin of your server. Bodies are JSON, keys are camelCase, times are ISO-8601 in UTC
with milliseconds, ids are opaque.

**Credentials.** A session cookie, an API key (\`X-Api-Key: ba_…\`) or an access token (\`Authorization: Bearer …\`). When several
are sent, the first of these counts and the others are not looked at. In the examples \`cookies.txt\` is a cookie jar that
\`auth.signInEmail\` filled, and \`key.header\` a file that only you can read, with the line \`X-Api-Key: ba_…\`: a secret on a
command line is seen by everybody on the machine.

**Success** is \`{"success":true,"status":200,"code":"OK","message":"…","data":…}\`; what is said below of an answer is its \`data\`.
**Errors** are \`{"success":false,"status":…,"code":"…","message":"…","meta":…}\`; the [codes](errors.md) never change their meaning.

**Lists** take \`offset\`, \`limit\`, \`q\` and \`sort\`, and answer with \`meta\`: \`{"total":…,"offset":…,"limit":…,"hasMore":…}\`.

**Limits.** Every answer carries \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\` (seconds until the reset); a 429
carries \`Retry-After\` too.

**Surfaces.** ${'`'}snipy${'`'}, ${'`'}snaptrack${'`'} and ${'`'}snaapi${'`'} have wire shapes, keys and limits of their own: [surfaces.md](surfaces.md).
In their examples ${'`'}snipy.header${'`'}, ${'`'}snaptrack.header${'`'} and ${'`'}snaapi.header${'`'} are such files too; an error's code is in the header ${'`'}X-Error-Code${'`'}.

Besides the errors that an endpoint names, each can answer those that follow from what it is, and \`HTTPS_REQUIRED\` where plain
HTTP leaves the machine:`

/**
 * docs/api.md.
 * @param {{ listEndpoints: () => { name: string, tag: string, endpoint: any }[], ERROR_CATALOGUE: Record<string, { status: number }>, SCOPES: readonly string[], impliedErrors: (endpoint: any) => string[], SURFACE_WIRES: Record<string, { credentials: readonly string[] }>, keyFormatsOf: (surface: string) => readonly string[] }} contract
 */
export const apiPage = contract => {
  const { listEndpoints, SCOPES, impliedErrors } = contract
  const endpoints = listEndpoints()
  const tags = [...new Set(endpoints.map(({ tag }) => tag))]
  const objects = new Map()
  const sections = tags.map(tag =>
    paragraphs(
      `## ${tag}`,
      ...endpoints
        .filter(endpoint => endpoint.tag === tag)
        .map(named => endpointSection(named, contract, objects)),
    ),
  )
  const contents = endpoints.map(({ name, endpoint }) => [
    `[${code(name)}](#${anchor(name)})`,
    code(`${endpoint.method} ${endpoint.path}`),
    endpoint.summary,
  ])
  return `${paragraphs(
    pageHead('API reference', 'packages/sdk/src/contract'),
    intro,
    impliedErrorTable(impliedErrors),
    table(['SDK method', 'Request', 'What it does'], contents),
    ...sections,
    '## Scopes',
    `No scope implies another; a session carries all of them: ${SCOPES.map(code).join(', ')}.`,
    '## Objects',
    ...[...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => objectSection(name, schema)),
  )}\n`
}

const objectSection = (name, schema) =>
  paragraphs(
    `### ${name}`,
    table(
      ['Field', 'Type', 'Notes'],
      fieldsOf(schema).map(field => [code(field.name), field.type, field.notes]),
    ),
  )

const endpointSection = ({ name, endpoint }, contract, objects) =>
  paragraphs(
    `### ${name}`,
    code(`${endpoint.method} ${endpoint.path}`),
    `${sentence(endpoint.summary)}${endpoint.description === undefined ? '' : ` ${endpoint.description}`}`,
    facts(endpoint, contract),
    table(['Input', 'In', 'Type', 'Needed', 'Notes'], inputRows(endpoint)),
    responseText(endpoint, objects),
    curl(name, endpoint),
  )

const facts = (endpoint, contract) => {
  const errors = endpoint.errors.map(error => {
    const { status } = contract.ERROR_CATALOGUE[error]
    return `[${code(error)}](errors.md#${status}) (${status})`
  })
  return [
    `- Access: ${accessText(endpoint, contract)}`,
    endpoint.idempotency
      ? '- Safe to send again with an `Idempotency-Key`: [how](organizations.md#writes-that-may-be-sent-again)'
      : undefined,
    endpoint.rateLimit === 'exempt' ? '- Limit: none' : undefined,
    endpoint.rateLimit !== undefined && endpoint.rateLimit !== 'exempt'
      ? `- Limit: the window ${code(endpoint.rateLimit)}${endpoint.dialect && endpoint.access.kind !== 'public' ? '' : ', besides the global one'}`
      : undefined,
    endpoint.status === 200 ? undefined : `- Status: ${endpoint.status}`,
    errors.length === 0 ? undefined : `- Errors: ${errors.join(', ')}`,
  ]
    .filter(fact => fact !== undefined)
    .join('\n')
}

const KEY_PLACES = { apiKey: ' in `X-Api-Key`', bearerKey: ' as `Authorization: Bearer`' }

/** What lets in to a surface, its own keys first; where they go is said where there is but one place. */
const credentialsText = (surface, { SURFACE_WIRES, keyFormatsOf }) => {
  const { credentials } = SURFACE_WIRES[surface]
  const formats = keyFormatsOf(surface)
    .map(format => code(`${format}_`))
    .reverse()
    .join(', ')
  const places = Object.keys(KEY_PLACES).filter(name => credentials.includes(name))
  const place = places.length === 1 ? KEY_PLACES[places[0]] : ''
  const session = credentials.includes('session') ? 'a session, or ' : ''
  const token = credentials.includes('accessToken') ? ', or an access token' : ''
  return `${session}a key (${formats})${place}${token}`
}

const surfaceAccess = ({ kind, scopes, scopesOf, permission }, dialect, contract) => {
  const needed = scopesOf
    ? ` with ${Object.values(scopesOf).flat().map(code).join(', ')} (\`ba_\`: ${scopes.map(code).join(', ')})`
    : ''
  const role = kind === 'home' ? `; of a member whose role has ${code(permission)}` : ''
  return `${credentialsText(dialect, contract)}${needed}${role}`
}

const accessText = ({ access, dialect }, contract) => {
  if (access.kind === 'public') return 'anybody'
  if (dialect) return surfaceAccess(access, dialect, contract)
  if (access.kind === 'session') {
    const session = access.fresh ? 'a session proved within the last 15 minutes' : 'a signed-in session'
    return `${session}; a key or a token never suffices`
  }
  const role = access.kind === 'organization' ? `; of a member whose role has ${code(access.permission)}` : ''
  if (access.fresh)
    return `a session proved within the last 15 minutes; a key or a token never suffices${role}`
  const scopes = access.scopes.map(code).join(', ')
  return `a session, or a key or token with ${scopes}${role}`
}

const jsonSchema = (schema, io) => schema.toJSONSchema({ io, unrepresentable: 'any' })

/** What is not known beforehand, under the name that the SDK gives it. */
const openRows = ({ openQuery, openBody }) => [
  ...(openQuery
    ? [[code(openQuery), 'query', 'object', '', 'Further query parameters, each by its own name']]
    : []),
  ...(openBody ? [[code(openBody), 'body', 'object', 'yes', 'The whole body: field → value']] : []),
]

const inputRows = endpoint =>
  [
    ['path', endpoint.params],
    ['query', endpoint.query],
    ['body', endpoint.body],
  ]
    .filter(([, schema]) => schema !== undefined)
    .flatMap(([place, schema]) =>
      fieldsOf(jsonSchema(schema, 'input')).map(field => [
        code(field.name),
        place,
        field.type,
        field.isRequired ? 'yes' : '',
        field.notes,
      ]),
    )
    .concat(openRows(endpoint))

const responseText = (endpoint, objects) => {
  if (endpoint.file) return `Answer: a file, ${endpoint.file.map(code).join(' or ')}.`
  if (endpoint.status === 204) return 'Answer: none.'
  const { $defs = {}, ...schema } = jsonSchema(endpoint.response, 'output')
  for (const [name, object] of Object.entries($defs)) objects.set(name, object)
  if (schema.$ref !== undefined || schema.anyOf !== undefined) return `Answer: ${typeOf(schema)}.`
  if (schema.type === 'array') {
    return `Answer: ${endpoint.paged ? 'a page of the' : 'the whole'} ${typeOf(schema)}.`
  }
  const rows = fieldsOf(schema).map(field => [code(field.name), field.type, field.notes])
  return table(['Answer', 'Type', 'Notes'], rows)
}

const curl = (name, endpoint) => {
  const body = endpoint.body === undefined ? undefined : exampleObject(jsonSchema(endpoint.body, 'input'))
  if (body !== undefined) assertFits(name, endpoint.body, body)
  const words = [
    `curl ${endpoint.method === 'GET' ? '' : `-X ${endpoint.method} `}"$SNOOP_URL${examplePath(endpoint)}"`,
    ...credentialOptions(name, endpoint),
    ...bodyOptions(endpoint, body),
  ]
  const input = body === undefined || endpoint.form ? '' : `\n${JSON.stringify(body)}\nJSON`
  return `\`\`\`sh\n${words.join(' \\\n  ')}${input}\n\`\`\``
}

const bodyOptions = ({ form, file }, body) => {
  if (file) return ['-o image']
  if (body === undefined) return []
  if (form) return Object.entries(body).map(([field, value]) => `--data-urlencode "${field}=${value}"`)
  return ["-H 'Content-Type: application/json'", "-d @- <<'JSON'"]
}

const credentialOptions = (name, { access, dialect }) => {
  if (name === 'auth.signInEmail') return ['-c cookies.txt']
  if (access.kind === 'public') return []
  if (dialect) return [`-H @${dialect}.header`]
  return access.kind === 'session' ? ['-b cookies.txt'] : ['-H @key.header']
}

/** Path parameters by their examples; of the query what is needed. */
const examplePath = endpoint => {
  const params = endpoint.params === undefined ? {} : jsonSchema(endpoint.params, 'input').properties
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_, param) => exampleOf(params[param]))
  const query = endpoint.query === undefined ? {} : jsonSchema(endpoint.query, 'input')
  const needed = (query.required ?? []).map(key => [key, String(exampleOf(query.properties[key]))])
  return needed.length === 0 ? path : `${path}?${new URLSearchParams(needed)}`
}

/** An example that the server would refuse must not be printed. */
const assertFits = (name, schema, example) => {
  const { success, error } = schema.safeParse(example)
  if (!success) throw new Error(`The example of ${name} does not fit its own schema: ${error.message}`)
}
