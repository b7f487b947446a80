import { readFile } from 'node:fs/promises'
import { type ResourceDefinition, resourceDefinitionSchema } from '@snoop/sdk/contract'
import { z } from 'zod'
import { ConfigError } from './config/config-error'
import { BUILT_IN_RESOURCES } from './domain/resources/built-in-resources'
import { definitionProblems } from './domain/resources/definition-problems'

const fileSchema = z.strictObject({ resources: z.array(z.unknown()) })

/** Such as `resources.0.fields.2.type`. */
const placeOf = (index: number, path: string): string => `resources.${index}${path && `.${path}`}`

/** @param problems each says where, and what is wrong there */
const readDefinition = (
  given: unknown,
  index: number,
  problems: string[],
): ResourceDefinition | undefined => {
  const parsed = resourceDefinitionSchema.safeParse(given)
  if (parsed.success) {
    problems.push(
      ...definitionProblems(parsed.data).map(({ field, error }) => `${placeOf(index, field)}: ${error}`),
    )
    return parsed.data
  }
  for (const { path, message } of parsed.error.issues)
    problems.push(`${placeOf(index, path.join('.'))}: ${message}`)
  return undefined
}

const findTakenNames = (definitions: readonly (ResourceDefinition | undefined)[]): string[] => {
  const names = BUILT_IN_RESOURCES.map(({ name }) => name)
  return definitions.flatMap((definition, index) => {
    if (!definition) return []
    const isTaken = names.includes(definition.name)
    names.push(definition.name)
    return isTaken ? [`${placeOf(index, 'name')}: there is a resource ${definition.name} already`] : []
  })
}

const refuse = (problems: readonly string[]) =>
  new ConfigError(problems.map(problem => `resources: ${problem}`))

const parse = (path: string, text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refuse([`the file ${path} is not JSON (${error instanceof Error ? error.message : String(error)})`])
  }
}

/**
 * Reads the resources that every organization has.
 * @param path absolute; undefined: there is no file
 * @throws ConfigError that names the file, each place in it, and what is wrong there
 */
export const readResourceFile = async (path: string | undefined): Promise<ResourceDefinition[]> => {
  if (path === undefined) return []
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw refuse([`the file ${path} cannot be read${code}`])
  }
  const file = fileSchema.safeParse(parse(path, text))
  if (!file.success) {
    throw refuse([
      `the file ${path} must be a JSON object with one field, a list. Example: {"resources": [{"name": "notes", "fields": [{"name": "title", "type": "string"}]}]}`,
    ])
  }
  const problems: string[] = []
  const definitions = file.data.resources.map((given, index) => readDefinition(given, index, problems))
  problems.push(...findTakenNames(definitions))
  if (problems.length > 0) throw refuse(problems.map(problem => `in ${path}, ${problem}`))
  return definitions.flatMap(definition => definition ?? [])
}
