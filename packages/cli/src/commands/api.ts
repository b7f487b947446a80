import { readFile, writeFile } from 'node:fs/promises'
import type { RawResponse } from '@snoop/sdk'
import { CliError, usageError } from '../cli-error'
import type { apiSpec } from '../command-tree/tools'
import type { CommandContext } from '../context'
import { NEEDS_SESSION, type Need } from '../credentials/choose-credential'
import type { Run } from '../define-command'
import { EXIT } from '../exit-codes'
import { withFreshSession } from '../http/fresh-session'
import { type OpenClient, withPublicClient } from '../http/open-client'
import { chooseOrganization } from '../http/organizations'
import { withClient } from '../http/with-client'
import type { Output } from '../output/output'
import { readStdin } from '../prompts/read-stdin'
import { listOperations } from './api/list-operations'
import { ORGANIZATION_PLACE, type PlannedRequest, planRequest } from './api/plan-request'
import { printPages } from './api/print-pages'
import { printResponse, responseFailure } from './api/print-response'
import { readFields, readHeaders } from './api/read-fields'
import { refuseExistingFile, refuseUnwritablePlace, unwritable } from './secret-file'
import { withHints } from './with-hints'

const readInput = async (context: CommandContext, path: string | undefined): Promise<unknown> => {
  if (path === undefined) return undefined
  const text = await (path === '-' ? readStdin(context) : readFile(path, 'utf8')).catch(() => {
    throw usageError(`${path} cannot be read.`)
  })
  try {
    return JSON.parse(text)
  } catch {
    throw usageError('What --input gives is not JSON.')
  }
}

/** Two surfaces take no session; on the third a session may do all that a key of the native format may not. */
const needOf = ({ access, surface }: PlannedRequest): Need => {
  if (access?.kind === 'session') return NEEDS_SESSION
  if (surface === 'snaapi') return { prefer: 'session', scopes: [] }
  return { prefer: 'key', scopes: surface === 'native' && access && 'scopes' in access ? access.scopes : [] }
}

/** With what the endpoint asks for. One that wants a fresh session refuses as a whole, and is called again. */
const callWith = (
  context: CommandContext,
  planned: PlannedRequest,
  work: (open: OpenClient) => Promise<void>,
): Promise<void> => {
  const { access } = planned
  if (access?.kind === 'public') return withPublicClient(context, work)
  if (access?.kind === 'session' && access.fresh) return withFreshSession(context, work)
  return withClient(context, needOf(planned), work)
}

const placeOrganization = async (
  context: CommandContext,
  open: OpenClient,
  planned: PlannedRequest,
): Promise<PlannedRequest> => {
  if (!planned.path.includes(ORGANIZATION_PLACE)) return planned
  const id = await chooseOrganization(context, open)
  return { ...planned, path: planned.path.replaceAll(ORGANIZATION_PLACE, id) }
}

/** What no terminal can show goes into a file. */
const checkDestination = ({ isFile }: PlannedRequest, out: string | undefined, output: Output): void => {
  if (out !== undefined && !isFile) throw usageError('--out goes with an operation that answers a file.')
  if (isFile && out === undefined && (output.isHuman || output.json))
    throw usageError('The answer is a file.', 'Add --out <file>')
}

const keepFile = async (output: Output, { body }: RawResponse, path: string): Promise<void> => {
  if (!(body instanceof Uint8Array))
    throw new CliError('The server answered no file.', { code: 'api.no_file', exit: EXIT.SERVER_FAULT })
  await writeFile(path, body, { flag: 'wx' }).catch(error => {
    throw unwritable(path, error)
  })
  await output.done(`Wrote ${path} (${body.length} bytes).`, path, { path, bytes: body.length })
}

export const run: Run<typeof apiSpec> = async (context, { args: [target, path], options }) => {
  const { output } = context
  if (options.list) {
    await listOperations(output, target)
    return EXIT.OK
  }
  const typed = {
    target,
    path,
    fields: readFields(options.field, options.typedField),
    input: await readInput(context, options.input),
  }
  const planned = planRequest(typed)
  const headers = readHeaders(options.header)
  checkDestination(planned, options.out, output)
  if (options.out !== undefined) {
    await refuseExistingFile(options.out)
    await refuseUnwritablePlace(options.out)
  }
  if (options.paginate && planned.method !== 'GET') throw usageError('--paginate goes with GET alone.')

  const work = async (open: OpenClient): Promise<void> => {
    const { method, path: place, query, body } = await placeOrganization(context, open, planned)
    const send = async (paging: Readonly<Record<string, number>> = {}): Promise<RawResponse> => {
      const response = await open.client.request(method, place, {
        ...open.call,
        query: { ...query, ...paging },
        headers,
        ...(body !== undefined && { body }),
      })
      if (response.status < 400) return response
      if (options.include) await printResponse(output, response, true)
      throw responseFailure(response, open.used, planned.surface)
    }
    if (options.paginate) await printPages(output, planned.surface, send)
    else if (options.out !== undefined) await keepFile(output, await send(), options.out)
    else await printResponse(output, await send(), options.include === true)
  }
  const hints = { NOT_FOUND: 'Check the path and the ids in it.' }
  await withHints(hints, () => callWith(context, planned, work))
  return EXIT.OK
}
