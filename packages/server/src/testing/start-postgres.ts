import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'

const DEBIAN_FOLDER = '/usr/lib/postgresql'

/** A PostgreSQL server that nobody else uses. */
export type PrivatePostgres = {
  /** Of a user that may create databases. */
  readonly url: string
  restart(): Promise<void>
  stop(): Promise<void>
}

// The shell outlives a test run that is interrupted or killed: then its standard input ends, and it cleans up.
const LIFE_OF_A_SERVER = `
  trap 'rm -rf "$folder"' EXIT
  "$bin/initdb" -D "$folder/data" -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8 >"$folder/log" 2>&1 || exit 1
  start() { "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-p $port -h 127.0.0.1 -k '$folder' -F" start >/dev/null; }
  start || { cat "$folder/log" >&2; exit 1; }
  echo ready
  while read -r _; do
    "$bin/pg_ctl" -D "$folder/data" -m fast -w stop >/dev/null && start && echo ready
  done
  "$bin/pg_ctl" -D "$folder/data" -m fast -w stop >/dev/null
`

/** The folder of PostgreSQL's programs, newest version first, or undefined where none is installed. */
export function findPostgresPrograms(): string | undefined {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER).sort().reverse() : []
  const folders = [
    ...versions.map(version => join(DEBIAN_FOLDER, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  return folders.find(folder => existsSync(join(folder, 'initdb')))
}

/**
 * Starts a private server on a free port of 127.0.0.1, in a temporary folder that goes with it. It does not wait for
 * the disk, so it is fast and forgets everything if the machine stops.
 * @param bin as findPostgresPrograms() gives it
 */
export async function startPostgres(bin: string): Promise<PrivatePostgres> {
  const port = await findFreePort()
  const folder = mkdtempSync('/tmp/snoop-postgres-')
  const shell = spawnSupervisor({ bin, folder, port: String(port) })
  await nextLine(shell)
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    restart: async () => {
      const ready = nextLine(shell)
      shell.stdin?.write('restart\n')
      await ready
    },
    stop: async () => {
      if (shell.exitCode !== null) return
      const exited = new Promise(resolve => shell.once('exit', resolve))
      shell.stdin?.end()
      await exited
    },
  }
}

function spawnSupervisor(variables: { bin: string; folder: string; port: string }): ChildProcess {
  const command = ['sh', '-c', LIFE_OF_A_SERVER]
  const [program = 'sh', ...args] =
    process.getuid?.() === 0 ? [...asPostgresUser(variables.folder), ...command] : command
  // Detached: Ctrl+C in the terminal must reach the tests, not the shell that cleans up after them.
  return spawn(program, args, {
    detached: true,
    cwd: variables.folder,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...variables },
  })
}

/** PostgreSQL refuses to run as root. */
function asPostgresUser(folder: string): string[] {
  const idOf = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }))
  chownSync(folder, idOf('-u'), idOf('-g'))
  return ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--']
}

function nextLine(shell: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaints = ''
    shell.stderr?.on('data', text => {
      complaints += text
    })
    shell.stdout?.once('data', () => resolve())
    shell.once('error', reject)
    shell.once('exit', code => reject(new Error(`PostgreSQL did not start (${code}).\n${complaints}`)))
  })
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
