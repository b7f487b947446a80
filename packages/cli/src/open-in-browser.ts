import { spawn } from 'node:child_process'

type Environment = Readonly<Record<string, string | undefined>>

/** A program that is still at it after this time has found its browser. */
const SURE_AFTER_MS = 3000

/** The program that opens an address, and what goes before the address. */
const openerOf = (platform: NodeJS.Platform): readonly [string, ...string[]] => {
  if (platform === 'darwin') return ['open']
  // Not `cmd /c start`: it would read an & in the address as the end of it.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return ['xdg-open']
}

/** An address of a page. Anything else could start a program, or be read as an option. */
const isPage = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

const hasDesktop = (platform: NodeJS.Platform, env: Environment): boolean =>
  platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)

/** Our own variables may hold a key, which is no business of the browser. */
const withoutOwn = (env: Environment): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SNOOP_')))

/**
 * Opens a page in the browser of the person at this machine.
 * @returns false if there is none, or the address is not one of a page
 */
export const openInBrowser = (url: string, platform: NodeJS.Platform, env: Environment): Promise<boolean> => {
  if (!isPage(url) || !hasDesktop(platform, env)) return Promise.resolve(false)
  const [program, ...before] = openerOf(platform)
  return new Promise(resolve => {
    const opener = spawn(program, [...before, url], {
      stdio: 'ignore',
      detached: true,
      env: withoutOwn(env),
    })
    const sure = setTimeout(() => resolve(true), SURE_AFTER_MS)
    const settle = (opened: boolean): void => {
      clearTimeout(sure)
      resolve(opened)
    }
    opener.on('error', () => settle(false))
    opener.on('exit', code => settle(code === 0))
    opener.unref()
  })
}
