// Checks that no tracked file holds a secret, a package registry's address, or a path of one machine.
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { inRepository, root } from './repository.mjs'
import { npmShell, runProcess } from './run-process.mjs'

const literally = text => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

const registryHost = async () => {
  const { stdout } = await runProcess('npm', ['config', 'get', 'registry'], { cwd: root, ...npmShell })
  return URL.canParse(stdout.trim()) ? new URL(stdout.trim()).host : undefined
}

/** Folders that only this machine has: the clone's own, the one around it, the user's home. */
const machineFolders = [root, dirname(root), homedir()].filter(
  path => path.split(/[\\/]/).filter(Boolean).length > 0 && !/^[\\/](?:tmp|root)$/.test(path),
)

const rules = [
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[^'"`]{40}/ },
  { what: 'a registry credential', pattern: /_auth(?:Token)?\s*=\s*[^\s$]/ },
  {
    what: 'a cloud key',
    pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bghp_[0-9A-Za-z]{36}\b|\bsk_live_[0-9A-Za-z]{16}/,
  },
  { what: 'a download address in the lockfile', pattern: /\btarball: https?:/, only: 'pnpm-lock.yaml' },
  {
    what: 'a home folder',
    pattern: /\/home\/(?!snoop\b|ada\b)[a-z][\w-]+\/|\/Users\/(?!ada\b)[A-Za-z][\w-]+\//,
  },
  ...machineFolders.map(path => ({
    what: 'a path of this machine',
    pattern: new RegExp(`${literally(path)}(?:[\\\\/]|\\b)`),
  })),
]

const { code, stdout, output } = await runProcess('git', ['ls-files', '-z'], { cwd: root })
if (code !== 0) throw new Error(`git ls-files: ${output}`)
const host = await registryHost()
if (host !== undefined) rules.push({ what: 'a package registry', pattern: new RegExp(literally(host), 'i') })

const findings = []
const files = stdout.split('\0').filter(Boolean)
for (const file of files) {
  const lines = readTracked(file).split('\n')
  for (const { what, pattern, only } of rules) {
    if (only !== undefined && only !== file) continue
    const index = lines.findIndex(line => pattern.test(line))
    if (index >= 0) findings.push(`${file}:${index + 1}  holds ${what}`)
  }
}

/** A tracked file may have been deleted and not yet committed. */
function readTracked(file) {
  try {
    return readFileSync(inRepository(file), 'utf8')
  } catch {
    return ''
  }
}

for (const finding of findings) console.error(finding)
console.log(`${files.length} tracked files, ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
