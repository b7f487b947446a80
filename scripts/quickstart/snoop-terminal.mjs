import { join } from 'node:path'
import { inRepository } from '../repository.mjs'
import { runOnTerminal, runProcess } from '../run-process.mjs'

const SNOOP = inRepository('packages', 'cli', 'dist', 'main.js')

/** Says what comes next, as a comment in a shell would. */
export const heading = text => console.log(`\n# ${text}`)

const quoted = word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)

/**
 * Shows a command line as a person would type it.
 * @param {readonly string[]} words
 * @param {string} [inputFile] where its input comes from
 */
export const showCommand = (words, inputFile) =>
  console.log(`$ ${words.map(quoted).join(' ')}${inputFile === undefined ? '' : ` < ${inputFile}`}`)

/**
 * Runs the real `snoop` as a person would, but with settings, profile and credentials of its own.
 * @param {{ folder: string, url: string, profile: string, signal: AbortSignal }} options `folder` is temporary
 */
export const createSnoopTerminal = ({ folder, url, profile, signal }) => {
  const env = {
    ...withoutSnoopSettings(process.env),
    ...ownFolders(folder),
    SNOOP_URL: url,
    SNOOP_PROFILE: profile,
  }

  /**
   * Shows a command and what it prints.
   * @param {readonly string[]} args
   * @param {{ input?: string, inputFile?: string }} [options] `inputFile` is how the input is shown
   * @returns {Promise<number>} its exit code
   */
  const show = (args, { input = '', inputFile } = {}) => {
    signal.throwIfAborted()
    showCommand(['snoop', ...args], inputFile)
    return runOnTerminal(process.execPath, [SNOOP, ...args], { env, input })
  }

  return {
    show,
    /** Runs a command that must succeed. */
    succeed: async (args, options) => {
      const code = await show(args, options)
      if (code !== 0) throw new Error(`snoop ${args.join(' ')} ended with ${code}`)
    },
    /** What a command answers, unseen. */
    ask: async args =>
      JSON.parse((await runProcess(process.execPath, [SNOOP, ...args, '--json'], { env })).stdout),
    /** Changes a variable of the following commands. */
    set: (name, value) => {
      env[name] = value
      console.log(`$ export ${name}=${value}`)
    },
    /** Leaves nothing in the keychain, whatever went wrong and even while we are being stopped. */
    forget: () => runProcess(process.execPath, [SNOOP, 'logout'], { env }),
  }
}

const withoutSnoopSettings = env =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SNOOP_')))

/** Where `snoop` keeps what is no secret, on each system. Yours stays as it is. */
const ownFolders = folder => ({
  XDG_CONFIG_HOME: join(folder, 'config'),
  XDG_STATE_HOME: join(folder, 'state'),
  APPDATA: join(folder, 'config'),
  LOCALAPPDATA: join(folder, 'state'),
})
