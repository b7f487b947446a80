import { CliError } from '../cli-error'
import { EXIT } from '../exit-codes'
import { KeychainFailure } from './credential-store'

/** What is known of the place where the keychain was not to be had. */
export interface KeychainPlace {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly isContainer: boolean
  readonly isWsl: boolean
}

/** Gives a reason to the words of the keychain library, which have no codes. They hold no secret, but are not shown. */
export const classifyKeychainError = (text: string): KeychainFailure => {
  if (/did not receive a reply|timed? ?out/i.test(text)) {
    return new KeychainFailure('timeout', 'The keychain did not answer.')
  }
  if (/dismissed|\blocked\b|interaction ?(is )?not ?allowed/i.test(text)) {
    return new KeychainFailure('locked', 'Your keychain is locked.')
  }
  if (/too long|too large|exceeds/i.test(text)) {
    return new KeychainFailure('too_large', 'Your keychain does not take a secret of this length.')
  }
  if (/no result found/i.test(text)) {
    return new KeychainFailure('unavailable', 'Your keychain has no default collection.')
  }
  if (/secrets was not provided|ServiceUnknown/i.test(text)) {
    return new KeychainFailure(
      'unavailable',
      'No keychain program is running here (gnome-keyring and KWallet are such).',
    )
  }
  return new KeychainFailure('unavailable', 'There is no system keychain here.')
}

const placeRemark = ({ env, platform, isContainer, isWsl }: KeychainPlace): string | undefined => {
  if (env.CI) return 'This looks like a CI job.'
  if (isContainer) return 'This looks like a container.'
  if (isWsl) return 'This is the Windows Subsystem for Linux, which has none of its own.'
  if (env.SUDO_USER) return `You are root; the keychain belongs to ${env.SUDO_USER}.`
  if (platform === 'linux' && !env.DBUS_SESSION_BUS_ADDRESS && !env.XDG_RUNTIME_DIR) {
    return 'There is no desktop session.'
  }
  return undefined
}

const unlockRemedies: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'Unlock it, in your desktop or here:  gnome-keyring-daemon --replace --unlock',
  darwin: 'Unlock it:  security unlock-keychain',
}

const REMEDIES = [
  'Use a key from the environment:  export SNOOP_API_KEY=…',
  'Or from a file:  export SNOOP_API_KEY_FILE=…',
  'Or keep credentials in a file that only you can read:  snoop login --store file',
]

/** The failure as it is shown: what happened, and three ways on (exit 11). */
export const explainKeychainFailure = (failure: KeychainFailure, place: KeychainPlace): CliError => {
  const remark = failure.reason === 'unavailable' ? placeRemark(place) : undefined
  const unlock = failure.reason === 'locked' ? unlockRemedies[place.platform] : undefined
  return new CliError([failure.message, remark].filter(Boolean).join(' '), {
    code: `keychain.${failure.reason}`,
    exit: EXIT.NO_KEYCHAIN,
    hint: [unlock, ...REMEDIES].filter(line => line !== undefined).join('\n'),
    cause: failure,
  })
}
