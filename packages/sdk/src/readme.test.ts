import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const snippets = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? '')

const nameOf = (index: number): string => `${root}packages/sdk/src/readme-${index}.ts`
const sources = new Map(snippets.map((code, index) => [nameOf(index), code]))

const compile = (): string[] => {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = name => sources.has(name) || fileExists(name)
  host.readFile = name => sources.get(name) ?? readFile(name)
  host.getSourceFile = (name, target) => {
    const code = sources.get(name)
    return code === undefined ? getSourceFile(name, target) : ts.createSourceFile(name, code, target)
  }
  const program = ts.createProgram([...sources.keys()], options, host)
  return [...sources.keys()].flatMap(name => {
    const file = program.getSourceFile(name)
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    )
  })
}

test('every snippet of the README compiles against the SDK', { timeout: 60_000 }, () => {
  expect(snippets.length).toBeGreaterThan(5)
  expect(compile()).toEqual([])
})
