import type { z } from 'zod'
import type { SettingName } from './settings'

/** A value as one source gives it, not yet checked. */
export interface FoundValue {
  readonly raw: unknown
  /** Where it stands, such as `SNOOP_PORT`. */
  readonly place: string
  /** How a right one would look there. */
  readonly example: string
  /** Takes it instead of the setting's own. */
  readonly schema?: z.ZodType
}

/** What one source gives. */
export interface FoundValues {
  readonly values: ReadonlyMap<SettingName, FoundValue>
  /** The file of settings that it names. */
  readonly configFile?: string
  readonly problems: readonly string[]
}
