import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root folder of this repository. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')

/**
 * An absolute path inside this repository.
 * @param {...string} parts
 */
export const inRepository = (...parts) => join(root, ...parts)
