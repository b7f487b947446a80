// Checks that no tracked file holds a secret, a package registry's address, or a path of one machine.
import { readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, parse } from 'node:path'
import { findForbiddenText } from './find-forbidden-text.mjs'
import { inRepository, root } from './repository.mjs'
import { npmShell, runProcess } from './run-process.mjs'

/** Places that every machine has tell nothing of this one. */
const everywhere = new Set([parse(root).root, tmpdir(), '/root', '/tmp', '/home'])
const folders = [root, dirname(root), homedir()].filter(path => !everywhere.has(path))

const readRegistryHost = async () => {
  const { stdout } = await runProcess('npm', ['config', 'get', 'registry'], { cwd: root, ...npmShell })
  return URL.canParse(stdout.trim()) ? new URL(stdout.trim()).host : undefined
}

/** A tracked file may have been deleted and not yet committed. */
const readTracked = file => {
  try {
    return readFileSync(inRepository(file), 'utf8')
  } catch {
    return ''
  }
}

const { code, stdout, output } = await runProcess('git', ['ls-files', '-z'], { cwd: root })
if (code !== 0) throw new Error(`git ls-files: ${output}`)
const files = stdout.split('\0').filter(Boolean)
const machine = { folders, registryHost: await readRegistryHost() }
const findings = files.flatMap(file =>
  findForbiddenText(readTracked(file), machine).map(({ line, what }) => `${file}:${line}  holds ${what}`),
)
for (const finding of findings) console.error(finding)
console.log(`${files.length} tracked files, ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
