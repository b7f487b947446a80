import { suggestName } from './closest-name'
import type { FoundValue, FoundValues } from './found-values'
import type { Setting } from './setting'
import { listSettings, type SettingName } from './settings'

const settings = listSettings()
const knownNames = settings.map(([name]) => name)

const failed = (problem: string): FoundValues => ({ values: new Map(), problems: [problem] })

/** Without the words of the parser: they repeat the text, which may hold a password. */
const describeSyntaxError = (text: string, error: unknown): string => {
  const position = /at position (\d+)/.exec(String(error))?.[1]
  return position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`
}

/** What is an object as text is one in the file. */
const exampleInFile = ({ example }: Setting): string => (example.startsWith('{') ? example : `"${example}"`)

/** @param path absolute */
export const readConfigFile = (path: string, readFile: (path: string) => string): FoundValues => {
  let text: string
  try {
    text = readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    return failed(`config: the file ${path} cannot be read${code}`)
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return failed(`config: the file ${path} is not JSON${describeSyntaxError(text, error)}`)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return failed(`config: the file ${path} must be a JSON object. Example: {"port": 4000}`)

  const entries = new Map<string, unknown>(Object.entries(json))
  const values = new Map<SettingName, FoundValue>()
  for (const [name, setting] of settings) {
    if (entries.has(name))
      values.set(name, {
        raw: entries.get(name),
        place: `"${name}" in ${path}`,
        example: `"${name}": ${exampleInFile(setting)}`,
      })
  }
  const problems = [...entries.keys()]
    .filter(key => !knownNames.some(name => name === key))
    .map(key => `"${key}" in ${path} is not known${suggestName(key, knownNames)}`)
  return { values, problems }
}
