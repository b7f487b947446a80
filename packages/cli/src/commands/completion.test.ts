import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createWorld } from '../testing/run-command'
import { temporaryFolder } from '../testing/temporary-folder'

const scriptFor = async (shell: string): Promise<string> => {
  const { code, stdout } = await (await createWorld()).run(['completion', shell])
  expect(code).toBe(0)
  return stdout
}

/** What bash offers after these words. */
const offered = async (...words: string[]): Promise<string[]> => {
  const path = join(await temporaryFolder(), 'snoop.bash')
  await writeFile(path, await scriptFor('bash'))
  const ask = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _snoop; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout } = await promisify(execFile)('bash', ['-c', ask, path, 'snoop', ...words])
  return stdout.split('\n').filter(word => word !== '')
}

test('bash offers commands, subcommands, options and the values of options', async () => {
  expect(await offered('')).toEqual(expect.arrayContaining(['login', 'keys', 'projects', 'completion']))
  expect(await offered('ke')).toEqual(['keys'])
  expect(await offered('keys', '')).toEqual(expect.arrayContaining(['create', 'list', 'rotate', 'revoke']))
  expect(await offered('keys', 'rotate', '--g')).toEqual(['--grace'])
  expect(await offered('--json', 'keys', 'r')).toEqual(['rotate', 'revoke'])
  expect(await offered('projects', 'list', '--status', '')).toEqual(['draft', 'active', 'paused'])
  expect(await offered('orgs', 'mfa', 'c')).toEqual(['compliance'])
  expect(await offered('members', 'role', 'x', 'ow')).toEqual(['owner'])
  expect(await offered('completion', 'z')).toEqual(['zsh'])
  expect(await offered('whoami', '--st')).toEqual(['--store'])
})

test.each(['zsh', 'fish'])('the script for %s names every command and has no open quote', async shell => {
  const script = await scriptFor(shell)
  for (const word of ['login', 'keys', 'rotate', 'projects', '--scopes', 'grace']) {
    expect(script).toContain(word.replace('--', shell === 'fish' ? '-l ' : '--'))
  }
  expect((script.match(/(?<!\\)'/g) ?? []).length % 2).toBe(0)
})
