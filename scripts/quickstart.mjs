// The whole quick start, for real: server, sign-up, mail, sign-in, key, project, rotation, revocation, sign-out.
// Nothing of it stays: data, settings and credentials are its own, and go away at the end, after Ctrl-C too.
import { randomBytes } from 'node:crypto'
import { createSnoopTerminal, heading, showCommand } from './quickstart/snoop-terminal.mjs'
import { waitForMail } from './server/read-outbox.mjs'
import { withServer } from './server/with-server.mjs'

const NO_KEYCHAIN = 11
const EMAIL = 'ada@example.com'
const SCOPES = 'user:read,projects:read,projects:write'
const KEY = 'quickstart'

const signUp = async (snoop, server, password) => {
  heading('Create an account. The password comes from a file, never from the command line')
  const account = ['--name', 'Ada Lovelace', '--email', EMAIL]
  await snoop.succeed(['signup', ...account, '--password-stdin'], {
    input: password,
    inputFile: 'password.txt',
  })

  heading('Without a mail server, mails become files. Open the link in this one')
  const { file, subject, link } = await waitForMail(server.outbox, EMAIL)
  console.log(`${file}\n  Subject: ${subject}`)
  await get(link)
}

const get = async url => {
  console.log(`> GET ${url.replace(/token=.*/, 'token=…')}`)
  const response = await fetch(url)
  const body = await response.text()
  console.log(`< ${response.status} ${body}`)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
}

const signIn = async (snoop, password) => {
  heading('Sign in. The session goes into the keychain of this machine')
  const args = ['login', '--email', EMAIL, '--password-stdin']
  const input = { input: password, inputFile: 'password.txt' }
  const code = await snoop.show(args, input)
  if (code === NO_KEYCHAIN) {
    console.log(
      '\nThere is no usable keychain on this machine, so a file that only you can read takes its place:',
    )
    snoop.set('SNOOP_CREDENTIAL_STORE', 'file')
    await snoop.succeed(args, input)
  } else if (code !== 0) {
    throw new Error(`snoop login ended with ${code}`)
  }
  await snoop.succeed(['whoami'])
}

const workWithProjects = async snoop => {
  heading('Make a personal access token with three scopes, and use it from now on')
  await snoop.succeed(['keys', 'create', '--name', KEY, '--scopes', SCOPES, '--use'])

  heading('Work with it')
  await snoop.succeed(['orgs', 'list'])
  await snoop.succeed(['projects', 'create', '--name', 'Shop', '--website', 'https://shop.example.com'])
  await snoop.succeed(['projects', 'list'])

  heading('Rotate it. The new secret is stored and checked before the old one ends, and is never shown')
  await snoop.succeed(['keys', 'rotate'])
  await snoop.succeed(['projects', 'list'])
  const projects = await snoop.ask(['projects', 'list'])
  if (projects[0]?.name !== 'Shop') throw new Error('The rotated key does not see the project')
  await snoop.succeed(['status'])
}

const leave = async snoop => {
  heading('Revoke the key, and sign out')
  await snoop.succeed(['keys', 'revoke', KEY, '--yes', '--yes-lock-me-out'])
  await snoop.succeed(['logout'])
}

const quickstart = async ({ server, folder, signal }) => {
  heading('Start a server. It needs nothing else: its database is a file')
  showCommand(['snoop-server', '--port', '0', '--data-dir', `${folder}/data`, '--dev'])
  console.log(/^Snoop is ready.*$/m.exec(server.readLog())?.[0] ?? server.url)
  await get(`${server.url}/ready`)

  const profile = `quickstart-${randomBytes(4).toString('hex')}`
  const snoop = createSnoopTerminal({ folder, url: server.url, profile, signal })
  const password = randomBytes(15).toString('base64url')
  try {
    snoop.set('SNOOP_URL', server.url)
    await signUp(snoop, server, password)
    await signIn(snoop, password)
    await workWithProjects(snoop)
    await leave(snoop)
  } catch (error) {
    await snoop.forget()
    throw error
  }

  heading('Stop the server')
  console.log(`snoop-server ended with ${await server.stop()}`)
}

try {
  await withServer(quickstart)
  console.log('\nThat was all of it. For a server that stays: npm run dev')
} catch (error) {
  console.error(`\nThe quick start failed: ${error.message}`)
  process.exitCode = 1
}
