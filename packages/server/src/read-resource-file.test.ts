import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from './config/config-error'
import { readResourceFile } from './read-resource-file'

describe('the file of resources', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'snoop-resources-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const write = (content: unknown): string => {
    const path = join(folder, 'resources.json')
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const problemsOf = async (path: string): Promise<readonly string[]> => {
    const error = await readResourceFile(path).catch(error => error)
    expect(error).toBeInstanceOf(ConfigError)
    return error.problems
  }
  const notes = { name: 'notes', fields: [{ name: 'title', type: 'string' }] }

  it('may be left out', async () => {
    expect(await readResourceFile(undefined)).toEqual([])
  })

  it('is read with what is left out filled in', async () => {
    expect(await readResourceFile(write({ resources: [notes] }))).toEqual([
      {
        name: 'notes',
        fields: [{ name: 'title', type: 'string', required: false, unique: false, sortable: false }],
      },
    ])
  })

  it('comes with an example that can be used', async () => {
    const example = await readResourceFile(join(import.meta.dirname, '../../../examples/resources.json'))
    expect(example.map(({ name }) => name)).toEqual(['tickets', 'announcements'])
  })

  it('is named if it cannot be read, is no JSON, or holds something else', async () => {
    const missing = join(folder, 'missing.json')
    expect(await problemsOf(missing)).toEqual([`resources: the file ${missing} cannot be read (ENOENT)`])
    for (const content of [
      '{"resources": [',
      '',
      '[]',
      '{}',
      '{"resources": {}}',
      '{"resources": [], "more": 1}',
    ]) {
      const path = write(content)
      const problems = await problemsOf(path)
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatch(
        /^resources: the file .*resources\.json (is not JSON|must be a JSON object)/,
      )
    }
  })

  it('names all places with something wrong, misspelled words among them', async () => {
    const path = write({
      resources: [
        { name: 'Notes', fields: [{ name: 'title', type: 'strin' }] },
        { ...notes, fields: [{ name: 'id', type: 'string', requierd: true }] },
        { ...notes, rules: [{ role: 'member', action: 'read', filter: [] }] },
        { ...notes, fields: [{ name: 'id', type: 'string' }] },
        notes,
        notes,
        { ...notes, name: 'posts' },
        1,
      ],
    })
    const problems = (await problemsOf(path)).map(problem => problem.replace(`resources: in ${path}, `, ''))
    expect(problems.map(problem => problem.split(':')[0])).toEqual([
      'resources.0.name',
      'resources.0.fields.0.type',
      'resources.1.fields.0',
      'resources.2.rules.0',
      'resources.3.fields.0.name',
      'resources.7',
      'resources.4.name',
      'resources.5.name',
      'resources.6.name',
    ])
    expect(problems.join('\n')).toContain('"requierd"')
    expect(problems.join('\n')).toContain('there is a resource posts already')
  })
})
