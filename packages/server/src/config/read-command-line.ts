import { parseArgs } from 'node:util'
import { suggestName } from './closest-name'
import type { FoundValue, FoundValues } from './found-values'
import { OPERATOR_COMMAND_NAMES } from './operator-commands'
import type { Setting } from './setting'
import { CONFIG_FILE, listSettings, type SettingName } from './settings'

const settings = listSettings()
const byFlag = new Map(settings.map(([name, setting]) => [setting.flag, { name, setting }]))
const byShorthand = new Map(
  settings.flatMap(([name, { shorthand }]) =>
    shorthand ? [[shorthand.flag, { name, value: shorthand.value }] as const] : [],
  ),
)
const knownFlags = [...byFlag.keys(), ...byShorthand.keys(), CONFIG_FILE.flag].map(flag => `--${flag}`)

const parseOptions = Object.fromEntries([
  ...[...byFlag.keys(), CONFIG_FILE.flag].map(flag => [flag, { type: 'string' }] as const),
  ...[...byShorthand.keys()].map(flag => [flag, { type: 'boolean' }] as const),
])

/** Other users of the machine can list the arguments of every process. */
const holdsPassword = (text: string): boolean =>
  /:\/\/[^/@\s]*:[^/\s]*@/.test(text) || /[?&](password|pass)=/i.test(text)

const findProblem = (setting: Setting, value: string): string | undefined =>
  setting.secret === 'always' || (setting.secret && holdsPassword(value))
    ? `--${setting.flag} holds a secret, which other users of this machine can see. Give it by ${setting.env} or in the file of --${CONFIG_FILE.flag}`
    : undefined

/** Later flags win, but for those of a repeatable setting, which add up. */
const addFlag = (
  values: Map<SettingName, FoundValue>,
  { name, setting }: { name: SettingName; setting: Setting },
  value: string,
) => {
  const earlier = setting.repeatable ? values.get(name)?.raw : undefined
  values.set(name, {
    raw: earlier === undefined ? value : `${earlier},${value}`,
    place: `--${setting.flag}`,
    example: `--${setting.flag} '${setting.example}'`,
  })
}

/** @param argv the arguments after the program's name */
export const readCommandLine = (argv: readonly string[]): FoundValues => {
  const { tokens } = parseArgs({
    args: [...argv],
    options: parseOptions,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values = new Map<SettingName, FoundValue>()
  const problems: string[] = []
  let configFile: string | undefined
  let afterUnknown = false

  for (const token of tokens) {
    const followsUnknown = afterUnknown
    afterUnknown = false
    if (token.kind !== 'option') {
      // What follows an unknown flag was meant as its value. It is never shown: it may be a password.
      if (token.kind === 'positional' && !followsUnknown) {
        const command = token.index === 0 ? suggestName(token.value, OPERATOR_COMMAND_NAMES) : ''
        problems.push(
          `argument ${token.index + 1} is not a flag${command}: settings are given as --NAME VALUE`,
        )
      }
      continue
    }
    const { name: flag, rawName, value } = token
    const known = byFlag.get(flag)
    const shorthand = byShorthand.get(flag)
    if (shorthand) {
      if (value !== undefined) problems.push(`--${flag} takes no value`)
      values.set(shorthand.name, { raw: shorthand.value, place: `--${flag}`, example: `--${flag}` })
    } else if (!known && flag !== CONFIG_FILE.flag) {
      problems.push(`${rawName} is not known${suggestName(rawName, knownFlags)}. --help lists the flags`)
      afterUnknown = value === undefined
    } else if (value === undefined || value === '' || (!token.inlineValue && value.startsWith('--'))) {
      problems.push(`--${flag} needs a value, such as ${known?.setting.example ?? '/etc/snoop.json'}`)
    } else if (known) {
      const problem = findProblem(known.setting, value)
      if (problem) problems.push(`${known.name}: ${problem}`)
      addFlag(values, known, value)
    } else configFile = value
  }
  return { values, problems, ...(configFile === undefined ? {} : { configFile }) }
}
