const literally = text => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

const RULES = [
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----\\?\w?[\r\n]*[A-Za-z0-9+/]{40}/ },
  { what: 'a registry credential', pattern: /_auth(?:Token)?\s*=\s*[^\s$"'`]{8}/ },
  {
    what: 'a cloud key',
    pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bghp_[0-9A-Za-z]{36}\b|\bsk_live_[0-9A-Za-z]{16}/,
  },
  { what: 'a download address of a package', pattern: /\b(?:tarball|resolved)"?: "?https?:/ },
  {
    what: "somebody's home folder",
    pattern: /\/home\/(?!ada\b|snoop\b)[a-z][\w-]+\/|\/Users\/(?!ada\b)\w[\w-]+\//,
  },
]

/**
 * What must not be in a file that others get: secrets, and traces of the machine that it was written on.
 * @param {string} text
 * @param {{ folders: readonly string[], registryHost?: string | undefined }} machine `folders`: paths that only it has
 * @returns {{ line: number, what: string }[]} the first line of each kind
 */
export const findForbiddenText = (text, { folders, registryHost }) => {
  const rules = [
    ...RULES,
    ...folders.map(path => ({
      what: 'a path of this machine',
      pattern: new RegExp(`${literally(path)}(?![\\w.-])`),
    })),
    ...(registryHost === undefined
      ? []
      : [{ what: 'the address of a package registry', pattern: new RegExp(literally(registryHost), 'i') }]),
  ]
  return rules.flatMap(({ what, pattern }) => {
    const { index } = pattern.exec(text) ?? {}
    return index === undefined ? [] : [{ what, line: text.slice(0, index).split('\n').length }]
  })
}
