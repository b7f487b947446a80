import { spawnSync } from 'node:child_process'
import { curlCommands, type PublishedPage } from './published-page'

type Language = 'curl' | 'javascript' | 'python'

const isJavascript = (code: string): boolean =>
  spawnSync(process.execPath, ['--input-type=module', '--check'], { input: code }).status === 0

const isPython = (code: string): boolean =>
  spawnSync('python3', ['-c', 'import ast,sys; ast.parse(sys.stdin.read())'], { input: code }).status === 0

/**
 * A page has lost what marked the end of its samples, so code is as much of what follows as is code: whole paragraphs,
 * the last of them perhaps cut at a line.
 */
const longestCode = (text: string, isCode: (code: string) => boolean): string => {
  const lines = text.split('\n')
  const ends = lines.flatMap((line, index) =>
    line.trim() === '' || index === lines.length - 1 ? [index] : [],
  )
  let longest = ''
  for (const end of ends) {
    const code = lines.slice(0, end).join('\n').trim()
    if (code !== '' && isCode(code)) longest = code
  }
  if (longest !== '') return longest
  for (let end = lines.length; end > 0; end--) {
    const code = lines.slice(0, end).join('\n').trim()
    if (code !== '' && isCode(code)) return code
  }
  return ''
}

/** Lines that stand before a sample, on the published pages. */
const HEADS = [
  {
    language: 'javascript',
    head: /^(?:JavaScript(?: \(fetch\))?|\/\/ JavaScript \(Node\.js\))$/gm,
    isCode: isJavascript,
  },
  { language: 'python', head: /^(?:Python(?: \(requests\))?|\/\/ Python)$/gm, isCode: isPython },
] as const

/** Far enough for any sample of the pages. */
const LONGEST_LINES = 40

const samplesBehind = (text: string, { head, isCode }: (typeof HEADS)[number]): string[] =>
  [...text.matchAll(head)].map(({ 0: line, index }) => {
    const rest = text.slice(index + line.length + 1).split('\n')
    const nextHead = rest.findIndex(
      (one, at) => at > 0 && HEADS.some(({ head }) => new RegExp(head.source).test(one)),
    )
    const within = rest.slice(0, Math.min(nextHead === -1 ? LONGEST_LINES : nextHead + 1, LONGEST_LINES))
    return longestCode(within.join('\n'), isCode)
  })

const kept = new Map<string, readonly string[]>()

/** The samples of a page in one language, word for word, in their order. */
export const codeSamples = (page: PublishedPage, language: Language): readonly string[] => {
  const key = `${page.name} ${language}`
  const found =
    kept.get(key) ??
    (language === 'curl'
      ? curlCommands(page)
      : HEADS.filter(head => head.language === language).flatMap(head => samplesBehind(page.text, head)))
  kept.set(key, found)
  return found
}

/** The JSON objects that a page shows, in their order, comments in them left out. */
export const shownObjects = ({ text }: PublishedPage): Record<string, unknown>[] => {
  const objects: Record<string, unknown>[] = []
  for (let start = text.indexOf('{'); start !== -1; ) {
    const end = endOfObject(text, start)
    const parsed = end === -1 ? undefined : parse(text.slice(start, end))
    if (parsed) objects.push(parsed)
    start = text.indexOf('{', parsed && end !== -1 ? end : start + 1)
  }
  return objects
}

const endOfObject = (text: string, start: number): number => {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') depth++
    if (text[at] === '}' && --depth === 0) return at + 1
  }
  return -1
}

const parse = (json: string): Record<string, unknown> | undefined => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
