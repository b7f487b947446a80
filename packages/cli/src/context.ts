import type { Readable } from 'node:stream'
import type { RetryOptions, Transport } from '@snoop/sdk'
import type { GlobalOptions } from './command-tree/global-options'
import { readConfig, type StoreKind } from './config/config-file'
import { type Directories, resolveDirectories } from './config/directories'
import { resolveSettings, type Settings } from './config/settings'
import type { Identity } from './credentials/identity'
import { createVault, type Vault } from './credentials/vault'
import type { OpenCredentialStore } from './keychain/credential-store'
import type { StoreSurroundings } from './keychain/open-store'
import { createPaint, streamColors } from './output/color'
import { createOutput, type Output } from './output/output'
import { withSpinner } from './output/spinner'
import type { TextStream } from './output/text-stream'
import type { Prompts } from './prompts/prompts'
import { createStopSignal } from './stop-signal'

/** Everything that the program takes from outside; tests bring their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly homeDirectory: string
  readonly hostName: string
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: TextStream
  readonly stderr: TextStream
  /** Aborts when the process is asked to stop. */
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  now(): number
  randomId(): string
  createPrompts(colored: boolean): Promise<Prompts>
  /** @returns takes it away */
  startSpinner(text: string, colored: boolean): Promise<() => void>
  createTransport(): Promise<Transport>
  /** Waits; rejects as soon as the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
  /** @returns false where there is no browser */
  openInBrowser(url: string): Promise<boolean>
  readonly retry: RetryOptions
  openStore(kind: StoreKind, around: StoreSurroundings): Promise<OpenCredentialStore>
}

/** What a command works with. Nothing is read or opened before it is asked for. */
export interface CommandContext {
  readonly around: Surroundings
  readonly flags: GlobalOptions
  readonly directories: Directories
  readonly output: Output
  /** A person can be asked: both ends are terminals, and nobody forbade it. */
  readonly canAsk: boolean
  /** Aborts when the process is asked to stop, but not while `unbroken` work is under way. */
  readonly signal: AbortSignal
  /** Lets work go on to its end that must not be cut off, such as a call that gives the session a new secret. */
  unbroken<T>(work: () => Promise<T>): Promise<T>
  prompts(): Promise<Prompts>
  /** @throws CliError if a setting or the config file makes no sense */
  settings(): Promise<Settings>
  identity(): Promise<Identity>
  store(kind: StoreKind): Promise<OpenCredentialStore>
  /** The secrets of the identity in use, in the store that the settings name. */
  vault(): Promise<Vault>
  /** Shows on a terminal that something takes its time. */
  spin<T>(text: string, work: () => Promise<T>): Promise<T>
  /** Reads the settings anew, after they were changed. */
  reload(): void
  close(): void
}

/** Makes a value when it is first asked for, and again after `forget`. */
const lazily = <T>(
  make: () => Promise<T>,
): { readonly get: () => Promise<T>; readonly forget: () => void } => {
  let made: Promise<T> | undefined
  return {
    get: () => {
      made ??= make()
      return made
    },
    forget: () => {
      made = undefined
    },
  }
}

export const createContext = async (around: Surroundings, flags: GlobalOptions): Promise<CommandContext> => {
  const { env, platform, stdin, stdout, stderr } = around
  const directories = resolveDirectories(env, platform, around.homeDirectory)
  const colors = streamColors({ stdout, stderr }, flags.noColor, env)
  const output = createOutput({
    stdout,
    stderr,
    json: flags.json,
    quiet: flags.quiet,
    paint: await createPaint(colors.stderr),
    stdoutPaint: await createPaint(colors.stdout),
  })
  const canAsk = !flags.noInput && stdin.isTTY === true && stderr.isTTY === true
  const { signal, unbroken } = createStopSignal(around.signal)
  const opened = new Map<StoreKind, Promise<OpenCredentialStore>>()

  const settings = lazily(async () => resolveSettings(flags, env, await readConfig(directories.config)))
  const prompts = lazily(() => around.createPrompts(colors.stderr))
  const identity = async (): Promise<Identity> => {
    const { profile, origin, store } = await settings.get()
    return { profile: profile.value, origin: origin.value, store: store.value }
  }
  const openStore = (kind: StoreKind): Promise<OpenCredentialStore> => {
    const known = opened.get(kind)
    if (known !== undefined) return known
    const opening = around.openStore(kind, {
      env,
      platform,
      stateDirectory: directories.state,
      isInteractive: canAsk,
      signal,
      onWaiting: () =>
        output.note('Waiting for your keychain – is there a window to unlock it? Ctrl-C to stop.'),
    })
    opened.set(kind, opening)
    return opening
  }
  return {
    around,
    flags,
    directories,
    output,
    canAsk,
    signal,
    unbroken,
    prompts: prompts.get,
    settings: settings.get,
    reload: settings.forget,
    identity,
    store: openStore,
    vault: async () => {
      const whose = await identity()
      return createVault(await openStore(whose.store), whose)
    },
    spin: (text, work) => {
      const enabled = stderr.isTTY === true && !flags.json && !flags.quiet
      return enabled ? withSpinner(() => around.startSpinner(text, colors.stderr), work) : work()
    },
    close: () => {
      for (const opening of opened.values()) void opening.then(store => store.close())
    },
  }
}
