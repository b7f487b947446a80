import { describe, expect, it } from 'vitest'
import { describeConfig, formatConfigHelp } from './describe-config'
import { OPERATOR_COMMANDS } from './operator-commands'
import { readConfig } from './read-config'
import { DEFAULT_RATE_LIMITS, listSettings } from './settings'

const read = (env: Record<string, string>) => readConfig({ argv: [], env, cwd: '/srv', readFile: () => '{}' })

describe('the table of settings', () => {
  it('names each setting by the one rule: snoopCase, --snoop-case, SNOOP_CASE', () => {
    for (const [name, { env, flag, repeatable }] of listSettings()) {
      const words = name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
      expect(env).toBe(`SNOOP_${words.toUpperCase().replaceAll('-', '_')}`)
      expect(flag).toBe(repeatable ? words.replace(/ies$/, 'y').replace(/s$/, '') : words)
    }
  })

  it('gives examples that the reader accepts', () => {
    const examples = Object.fromEntries(listSettings().map(([, setting]) => [setting.env, setting.example]))
    expect(read(examples).origin).toBe('https://auth.example.com')
  })

  it('documents the rate limits that hold by default', () => {
    const row = describeConfig().find(({ name }) => name === 'rateLimits')
    expect(read({ SNOOP_RATE_LIMITS: row!.default }).rateLimits).toEqual(DEFAULT_RATE_LIMITS)
    expect(read({}).rateLimits).toEqual(DEFAULT_RATE_LIMITS)
  })
})

describe('help', () => {
  it('shows each flag with its variable and default', () => {
    const help = formatConfigHelp()
    for (const row of describeConfig()) {
      expect(help).toContain(`  ${row.flag ?? '(no flag)'} `)
      expect(help).toContain(`${row.env}; default: ${row.default}`)
    }
  })

  it('shows each command of the operator', () => {
    for (const [name, { argument, help }] of Object.entries(OPERATOR_COMMANDS))
      expect(formatConfigHelp()).toMatch(new RegExp(`^  ${name} ${argument} +${help}$`, 'm'))
  })
})
