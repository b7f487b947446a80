import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inRepository } from '../repository.mjs'

/** A stamp says from which input a step was last done. It lies in node_modules, so it goes when that goes. */
const stampPath = name => inRepository('node_modules', '.snoop', name)

/** @param {string} name @returns {string | undefined} */
export const readStamp = name => {
  try {
    return readFileSync(stampPath(name), 'utf8')
  } catch {
    return undefined
  }
}

/** @param {string} name @param {string} value */
export const writeStamp = (name, value) => {
  mkdirSync(dirname(stampPath(name)), { recursive: true })
  writeFileSync(stampPath(name), value)
}

/**
 * SHA-256 over names and contents, in a fixed order.
 * @param {readonly string[]} paths files and folders; one that is missing counts as empty
 * @param {(path: string) => boolean} [counts] which files count
 */
export const hashFiles = (paths, counts = () => true) => {
  const hash = createHash('sha256')
  const add = path => {
    const children = listFolder(path)
    if (children !== undefined) {
      for (const name of children) add(join(path, name))
    } else if (counts(path)) {
      hash.update(path).update('\0').update(readIfThere(path)).update('\0')
    }
  }
  for (const path of paths) add(path)
  return hash.digest('hex')
}

const listFolder = path => {
  try {
    return readdirSync(path).sort()
  } catch {
    return undefined
  }
}

const readIfThere = path => {
  try {
    return readFileSync(path)
  } catch {
    return ''
  }
}
