import { anchor, code, pageHead, paragraphs, sentence, table } from './markdown.mjs'

/**
 * docs/cli.md.
 * @param {{ COMMAND_TREE: readonly any[], GLOBAL_OPTIONS: Record<string, any>, EXIT: Record<string, number> }} cli
 */
export const cliPage = async ({ COMMAND_TREE, GLOBAL_OPTIONS, EXIT }) => {
  const commands = (await Promise.all(COMMAND_TREE.map(commandsOf))).flat()
  return `${paragraphs(
    pageHead('The `snoop` command', 'packages/cli/src/command-tree'),
    'Data goes to stdout, remarks and errors to stderr. With `--json` an answer is one JSON value on stdout, and an error one on stderr.',
    table(
      ['Command', 'What it does'],
      commands.map(({ line, spec }) => [`[${code(line)}](#${anchor(line)})`, spec.summary]),
    ),
    '## Options of every command',
    optionTable(GLOBAL_OPTIONS),
    '## Exit codes',
    table(
      ['Code', 'Meaning'],
      Object.entries(EXIT).map(([name, value]) => [String(value), name.toLowerCase().replaceAll('_', ' ')]),
    ),
    '## Commands',
    ...commands.map(commandSection),
  )}\n`
}

const commandsOf = async node =>
  node.kind === 'group'
    ? (await node.load()).map(({ spec }) => ({ line: `snoop ${node.name} ${spec.name}`, spec }))
    : [{ line: `snoop ${node.spec.name}`, spec: node.spec }]

const commandSection = ({ line, spec }) => {
  const usage = [line, ...(spec.arguments ?? []).map(argument => argument.name)].join(' ')
  return paragraphs(
    `### ${line}`,
    `\`\`\`\n${usage}${spec.options === undefined ? '' : ' [options]'}\n\`\`\``,
    `${sentence(spec.summary)}${spec.description === undefined ? '' : ` ${spec.description}`}`,
    table(
      ['Argument', 'What it is'],
      (spec.arguments ?? []).map(argument => [code(argument.name), argument.summary]),
    ),
    optionTable(spec.options ?? {}),
    spec.examples === undefined ? '' : `\`\`\`sh\n${spec.examples.join('\n')}\n\`\`\``,
  )
}

const optionTable = options =>
  table(
    ['Option', 'What it does', 'One of'],
    Object.values(options).map(({ flags, summary, choices = [], repeat }) => [
      code(flags),
      repeat ? `${summary}; may be given more than once` : summary,
      choices.map(code).join(', '),
    ]),
  )
