import { posix, win32 } from 'node:path'

export interface Directories {
  /** What a person chose: profiles, default organization, kind of store. */
  readonly config: string
  /** What the program notes down: whose credentials are where (no secret, but for the file store), locks. */
  readonly state: string
}

/**
 * Where files belong: the XDG folders on Linux and macOS, the AppData folders on Windows.
 * Relative XDG paths are ignored, as the XDG Base Directory Specification asks.
 */
export const resolveDirectories = (
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  homeDirectory: string,
): Directories => {
  if (platform === 'win32') {
    const roaming = env.APPDATA ?? win32.join(homeDirectory, 'AppData', 'Roaming')
    const local = env.LOCALAPPDATA ?? win32.join(homeDirectory, 'AppData', 'Local')
    return { config: win32.join(roaming, 'snoop'), state: win32.join(local, 'snoop') }
  }
  const folder = (variable: string | undefined, fallback: string): string =>
    posix.join(variable?.startsWith('/') ? variable : posix.join(homeDirectory, fallback), 'snoop')
  return {
    config: folder(env.XDG_CONFIG_HOME, '.config'),
    state: folder(env.XDG_STATE_HOME, '.local/state'),
  }
}
