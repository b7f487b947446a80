import { expect, it } from 'vitest'
import { warnWithoutSandbox } from './warn-without-sandbox'

it('a server that runs as root is told that Chromium has no sandbox, and any other nothing', () => {
  const lines: unknown[] = []
  const log = { warn: (...line: unknown[]) => void lines.push(line) }
  warnWithoutSandbox(log, true)
  expect(lines).toEqual([])
  warnWithoutSandbox(log, false)
  expect(lines).toEqual([
    [{ event: 'screenshots.no_sandbox' }, expect.stringContaining('run it as a user of its own')],
  ])
})
