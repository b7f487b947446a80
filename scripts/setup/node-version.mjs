/** The oldest Node.js that Snoop runs on, as `engines` in package.json says it. */
const OLDEST = [20, 19]

/**
 * Why this Node.js is too old, or undefined if it is not.
 * @param {string} version such as `20.19.0`
 */
export const nodeVersionProblem = version => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNewEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
  if (isNewEnough) return undefined
  return `Snoop needs Node.js ${OLDEST.join('.')} or newer; this is ${version}. Install one from https://nodejs.org and try again.`
}
