// A server for development that stays: data in ./snoop-data, mails as files, their links in the log.
// Usage: npm run dev [-- more arguments of snoop-server]
import { spawn } from 'node:child_process'
import { inRepository, root } from './repository.mjs'
import { exitCodeOf } from './run-process.mjs'
import { SERVER_PROGRAM } from './server/start-server.mjs'

const nextSteps = url => `
Try it, in another terminal:

  alias snoop='node ${inRepository('packages', 'cli', 'dist', 'main.js')}'
  export SNOOP_URL=${url}
  snoop signup        # the mail's link is in the log here
  snoop login
  snoop keys create --name laptop --scopes all --use

The API as OpenAPI: ${url}/api/openapi.json    Stop the server: Ctrl-C
`

const args = ['--dev', '--data-dir', 'snoop-data', ...process.argv.slice(2)]
const server = spawn(process.execPath, [SERVER_PROGRAM, ...args], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
})
server.stdout.setEncoding('utf8')
server.stdout.on('data', text => {
  process.stdout.write(text)
  const url = /ready at (\S+)/.exec(text)?.[1]
  if (url !== undefined) console.log(nextSteps(url))
})
// Ctrl-C reaches the server by the terminal; it ends by itself, and we with it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => server.kill('SIGTERM'))
server.on('close', (code, signal) => {
  process.exitCode = exitCodeOf(code, signal)
})
