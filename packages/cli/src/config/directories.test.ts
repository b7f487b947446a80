import { expect, test } from 'vitest'
import { resolveDirectories } from './directories'

test('Linux and macOS use the XDG folders, with their defaults', () => {
  for (const platform of ['linux', 'darwin'] as const) {
    expect(resolveDirectories({}, platform, '/home/ada')).toEqual({
      config: '/home/ada/.config/snoop',
      state: '/home/ada/.local/state/snoop',
    })
  }
  const env = { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s' }
  expect(resolveDirectories(env, 'linux', '/home/ada')).toEqual({ config: '/c/snoop', state: '/s/snoop' })
})

test('a relative XDG folder is ignored', () => {
  const { config } = resolveDirectories({ XDG_CONFIG_HOME: 'c' }, 'linux', '/home/ada')
  expect(config).toBe('/home/ada/.config/snoop')
})

test('Windows uses AppData', () => {
  const env = { APPDATA: 'C:\\R', LOCALAPPDATA: 'C:\\L' }
  expect(resolveDirectories(env, 'win32', 'C:\\Users\\Ada')).toEqual({
    config: 'C:\\R\\snoop',
    state: 'C:\\L\\snoop',
  })
})
