// Writes the reference pages in docs/, and the configuration table in README.md, from the sources. With --check it writes nothing and fails if one is not up to date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { apiPage } from './docs/api-page.mjs'
import { cliPage } from './docs/cli-page.mjs'
import { configurationPage, withConfigurationTable } from './docs/configuration-page.mjs'
import { errorsPage } from './docs/errors-page.mjs'
import { loadTypescript } from './load-typescript.mjs'
import { inRepository } from './repository.mjs'

const { values: flags } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

const contract = {
  ...(await loadTypescript('sdk', 'src/contract/index.ts')),
  ...(await loadTypescript('sdk', 'src/contract/implied-errors.ts')),
}
const server = await loadTypescript('server', 'src/config/describe-config.ts')
const cli = {
  ...(await loadTypescript('cli', 'src/command-tree/index.ts')),
  ...(await loadTypescript('cli', 'src/command-tree/global-options.ts')),
  ...(await loadTypescript('cli', 'src/exit-codes.ts')),
}

const readPage = path => {
  try {
    return readFileSync(inRepository(path), 'utf8')
  } catch {
    return undefined
  }
}

const pages = {
  'docs/api.md': apiPage(contract),
  'docs/errors.md': errorsPage(contract),
  'docs/cli.md': await cliPage(cli),
  'docs/configuration.md': configurationPage(server),
  'README.md': withConfigurationTable(readPage('README.md'), server),
}

const changed = Object.entries(pages).filter(([path, text]) => readPage(path) !== text)
if (flags.check) {
  for (const [path] of changed) console.error(`${path} is not up to date; run \`npm run docs\``)
  process.exitCode = changed.length === 0 ? 0 : 1
} else {
  mkdirSync(inRepository('docs'), { recursive: true })
  for (const [path, text] of changed) writeFileSync(inRepository(path), text)
}
console.log(
  `${Object.keys(pages).length} pages, ${changed.length} ${flags.check ? 'out of date' : 'written'}`,
)
