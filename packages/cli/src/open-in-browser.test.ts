import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openInBrowser } from './open-in-browser'
import { temporaryFolder } from './testing/temporary-folder'

/** A desktop whose opener notes down what it was given. */
const createDesktop = async (exitCode = 0) => {
  const folder = await temporaryFolder()
  const noted = join(folder, 'noted')
  const opener = join(folder, 'xdg-open')
  await writeFile(opener, `#!/bin/sh\n{ echo "$#:$1"; env; } > '${noted}'\nexit ${exitCode}\n`)
  await chmod(opener, 0o700)
  const env = { PATH: `${folder}:${process.env.PATH}`, DISPLAY: ':0', SNOOP_API_KEY: 'ba_secret', LANG: 'C' }
  return { env, noted: () => readFile(noted, 'utf8').catch(() => '') }
}

test('an address is given to the desktop as one argument, our variables are not', async () => {
  const { env, noted } = await createDesktop()
  expect(await openInBrowser('https://pay.example.com/a?b=1&c=$(id)', 'linux', env)).toBe(true)
  const text = await noted()
  expect(text).toContain('1:https://pay.example.com/a?b=1&c=$(id)\n')
  expect(text).toContain('LANG=C')
  expect(text).not.toContain('ba_secret')
})

test.each(['--help', 'file:///etc/passwd', 'javascript:alert(1)', 'calc.exe', ''])(
  '%s is no address of a page and starts nothing',
  async url => {
    const { env, noted } = await createDesktop()
    expect(await openInBrowser(url, 'linux', env)).toBe(false)
    expect(await noted()).toBe('')
  },
)

test('without a desktop, an opener, or a browser that it finds, nothing was opened', async () => {
  const { env } = await createDesktop(3)
  expect(await openInBrowser('https://example.com', 'linux', env)).toBe(false)
  expect(await openInBrowser('https://example.com', 'linux', { ...env, DISPLAY: '' })).toBe(false)
  expect(await openInBrowser('https://example.com', 'linux', { PATH: '/nonexistent', DISPLAY: ':0' })).toBe(
    false,
  )
})
