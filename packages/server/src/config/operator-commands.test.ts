import { describe, expect, it } from 'vitest'
import { ConfigError } from './config-error'
import { readOperatorCommand } from './operator-commands'

describe('a command of the operator', () => {
  it('stands in front of the flags', () => {
    expect(readOperatorCommand(['disable-user', 'ada@example.com', '--data-dir', 'd'])).toEqual({
      command: { name: 'disable-user', subject: 'ada@example.com' },
      flags: ['--data-dir', 'd'],
    })
    expect(readOperatorCommand(['enable-user', 'ada@example.com']).command?.name).toBe('enable-user')
    expect(readOperatorCommand(['export-audit-log', '01ORGACME']).command?.subject).toBe('01ORGACME')
  })

  it.each([[[]], [['--data-dir', 'disable-user']], [['disable-users', 'a@b']], [['toString', 'a@b']]])(
    'is none in %j',
    argv => expect(readOperatorCommand(argv)).toEqual({ command: undefined, flags: argv }),
  )

  it.each([[[]], [['--data-dir', 'd']], [['']], [['ada']], [['--email=ada@example.com']]])(
    'without an address, as in %j, is refused with an example',
    rest => {
      expect(() => readOperatorCommand(['enable-user', ...rest])).toThrow(ConfigError)
      expect(() => readOperatorCommand(['enable-user', ...rest])).toThrow(
        'snoop-server enable-user ada@example.com',
      )
    },
  )

  it.each([[[]], [['--data-dir', 'd']], [['']], [['a b']], [['../x']]])(
    'without an organization, as in %j, is refused with an example',
    rest => {
      expect(() => readOperatorCommand(['export-audit-log', ...rest])).toThrow(
        'snoop-server export-audit-log 01HZ3K5R4X9Y2V6QF8TJ7W0CDN',
      )
    },
  )
})
