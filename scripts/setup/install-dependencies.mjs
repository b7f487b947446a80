import { existsSync } from 'node:fs'
import { inRepository, root } from '../repository.mjs'
import { npmShell, runProcess } from '../run-process.mjs'
import { hashFiles, readStamp, writeStamp } from './stamp.mjs'

/** The same as `packageManager` in package.json: another one would try to switch itself. */
export const PNPM = 'pnpm@10.34.9'
const stamp = 'lockfile'

/** Installs what the lockfile names, if it was not installed from this very lockfile before. */
export const installDependencies = async () => {
  const wanted = hashFiles([inRepository('pnpm-lock.yaml'), inRepository('pnpm-workspace.yaml')])
  if (existsSync(inRepository('node_modules', '.modules.yaml')) && readStamp(stamp) === wanted) return
  console.log('Installing dependencies (the first time takes about half a minute) …')
  const args = ['-y', PNPM, 'install', '--frozen-lockfile']
  const { code, output } = await runProcess('npx', args, { cwd: root, ...npmShell })
  if (code !== 0) {
    console.error(output)
    throw new Error(`npx ${args.join(' ')} ended with ${code}`)
  }
  writeStamp(stamp, wanted)
}
