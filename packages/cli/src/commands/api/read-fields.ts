import { usageError } from '../../cli-error'

type Fields = Readonly<Record<string, unknown>>

const readText = (field: string): [string, unknown] => {
  const at = field.indexOf('=')
  if (at < 1) throw usageError('-f takes key=value.')
  return [field.slice(0, at), field.slice(at + 1)]
}

const readTyped = (field: string): [string, unknown] => {
  const at = field.indexOf(':=')
  if (at < 1) throw usageError('-F takes key:=json, such as limit:=5 or tags:=["a"].')
  try {
    return [field.slice(0, at), JSON.parse(field.slice(at + 2))]
  } catch {
    throw usageError(`What -F gives for ${field.slice(0, at)} is not JSON.`, 'A text goes with -f key=value.')
  }
}

/** Fields whose values nobody else may see. */
const SECRET = /(?:password|secret|refresh_token|challenge_?token)$/i

const refuseSecrets = (fields: readonly [string, unknown][]): void => {
  const name = fields.map(([field]) => field).find(field => SECRET.test(field))
  if (name === undefined) return
  throw usageError(
    `${name} is not taken as a field: a secret on the command line can be seen by others.`,
    'Give it in the JSON of --input <file>, or of stdin with --input -',
  )
}

/** @throws CliError (exit 2) for a field that is not of the form, or that would put a secret on the command line */
export const readFields = (texts: readonly string[] = [], typed: readonly string[] = []): Fields => {
  const fields = [...texts.map(readText), ...typed.map(readTyped)]
  refuseSecrets(fields)
  return Object.fromEntries(fields)
}

const CREDENTIALS = ['authorization', 'cookie', 'x-api-key']

/** @throws CliError (exit 2) for a header that is malformed, or that would carry a secret on the command line */
export const readHeaders = (headers: readonly string[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(
    headers.map(header => {
      const [, name = '', value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*([\x20-\x7e]*)$/.exec(header) ?? []
      if (name === '') throw usageError('-H takes name:value.')
      if (CREDENTIALS.includes(name.toLowerCase())) {
        throw usageError(`-H does not take ${name}: a secret on the command line can be seen by others.`)
      }
      return [name, value.trim()]
    }),
  )
