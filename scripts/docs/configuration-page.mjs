import { code, pageHead, paragraphs, sentence, table } from './markdown.mjs'

const intro = `A setting can be given on the command line, as an environment variable, or in a JSON file (\`--config FILE\` or \`SNOOP_CONFIG\`).
The command line wins over the environment, the environment over the file, the file over the defaults. A setting that is
wrong or unknown stops the start, and every one of them is named at once.`

/**
 * docs/configuration.md.
 * @param {{ describeConfig: () => { name?: string, flag?: string, env: string, default: string, help: string }[] }} server
 */
export const configurationPage = ({ describeConfig }) =>
  `${paragraphs(
    pageHead('Configuration of `snoop-server`', 'packages/server/src/config/settings.ts'),
    intro,
    table(
      ['Flag', 'Variable', 'In the file', 'Default', 'What it is'],
      describeConfig().map(row => [
        row.flag === undefined ? '' : code(row.flag),
        code(row.env),
        row.name === undefined ? '' : code(row.name),
        code(row.default),
        sentence(row.help),
      ]),
    ),
  )}\n`

const MARKED_PLACE = /(<!-- configuration -->\n)[\s\S]*?(<!-- \/configuration -->)/

/** The README with the table of the settings at its marked place: flag, variable and default alone. */
export const withConfigurationTable = (readme, { describeConfig }) => {
  if (!MARKED_PLACE.test(readme)) throw new Error('README.md has lost its place for the configuration table')
  const rows = describeConfig().map(row => [
    row.flag === undefined ? '' : code(row.flag),
    code(row.env),
    code(row.default),
  ])
  return readme.replace(
    MARKED_PLACE,
    (_, start, end) => `${start}${table(['Flag', 'Variable', 'Default'], rows)}\n${end}`,
  )
}
