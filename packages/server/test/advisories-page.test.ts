import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const PAGE = new URL('../../../docs/advisories.md', import.meta.url)
const page = readFileSync(PAGE, 'utf8')

/** The rows of the table that follows a heading, without its head and without rows that are headings themselves. */
const rowsAfter = (heading: string): string[][] => {
  const [, table = ''] = /\n((?:\|.*\n)+)/.exec(page.slice(page.indexOf(heading))) ?? []
  const rows = table.trim().split('\n').slice(2)
  return rows
    .map(row => row.split('|').slice(1, -1))
    .map(cells => cells.map(cell => cell.trim()))
    .filter(([first = '']) => !first.startsWith('**'))
}
const tried = rowsAfter('# What went wrong elsewhere')
const awaited = rowsAfter('## Not applicable yet')

/** `[name](path) title` */
const NAMED_TEST = /^\[([\w-]+)\]\(([\w./-]+)\) `([^`]+)`$/

const isSwitchedOff = (callee: ts.Expression): boolean => /\.(skip|todo|fails)\b/.test(callee.getText())

/** The titles of the tests that a source runs, as they are written there: what is skipped or commented out is none. */
const titlesIn = (source: string): string[] => {
  const titles: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const { expression: callee, arguments: given } = node
      const [title] = given
      if (isSwitchedOff(callee)) return
      if (/^(?:test|it)\b/.test(callee.getText()) && title && ts.isStringLiteralLike(title) && given[1])
        titles.push(title.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('a.test.ts', source, ts.ScriptTarget.Latest, true))
  return titles
}

const read = new Map<string, string[]>()
const titlesOf = (file: string): string[] => {
  const titles = read.get(file) ?? titlesIn(readFileSync(file, 'utf8'))
  read.set(file, titles)
  return titles
}

describe('the page of advisories', () => {
  test('has something to say in every cell', () => {
    expect(tried.length).toBeGreaterThan(35)
    expect(awaited.length).toBeGreaterThan(2)
    for (const row of tried) expect(row.filter(cell => cell !== '')).toHaveLength(4)
    for (const row of awaited) expect(row.filter(cell => cell !== '')).toHaveLength(3)
  })

  test.each(tried.map(([advisory = '', , , tests = '']) => [advisory, tests.split('<br>')] as const))(
    'names tests that there are, against %s',
    (_advisory, named) => {
      for (const text of named) {
        const [, name = '', path = '', title = ''] = NAMED_TEST.exec(text) ?? []
        const file = fileURLToPath(new URL(path, PAGE))
        expect(text).toMatch(NAMED_TEST)
        expect([text, existsSync(file), basename(file)]).toEqual([text, true, `${name}.test.ts`])
        expect(titlesOf(file), file).toContain(title)
      }
    },
  )

  test('names each advisory once, and by its whole number', () => {
    const text = [...tried.map(([advisory]) => advisory), ...awaited.map(([, advisory]) => advisory)].join(
      ' ',
    )
    const numbers = [...text.matchAll(/GHSA[\w-]*|CVE[\w-]*|[\w./-]*[#!]\d+/g)].map(([number]) => number)
    expect(numbers.length).toBeGreaterThan(70)
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([])
    for (const number of numbers)
      expect(number).toMatch(/^(GHSA(-[23456789cfghjmpqrvwx]{4}){3}|CVE-\d{4}-\d{4,6}|[\w./-]*[#!]\d+)$/)
  })

  test('would be told of tests that are not run', () => {
    const source = `
      test('runs', () => {})
      it.each([1])('runs with %s', () => {})
      describe('is no test', () => { it('runs inside', () => {}) })
      // test('is commented out', () => {})
      const text = "test('is a text', () => {})"
      test.skip('is skipped', () => {})
      it.skip.each([1])('is skipped with %s', () => {})
      describe.skip('is skipped', () => { test('is skipped inside', () => {}) })
      test.todo('is to be done')
      test('has nothing to run')
      check('is something else', () => {})`
    expect(titlesIn(source)).toEqual(['runs', 'runs with %s', 'runs inside'])
  })
})
