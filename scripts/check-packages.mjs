// Runs the `check:package` script of each package that has one: is what would be published what its users can use?
import { readdirSync, readFileSync } from 'node:fs'
import { inRepository } from './repository.mjs'
import { npmShell, runProcess } from './run-process.mjs'

const hasCheck = name => {
  const { scripts } = JSON.parse(readFileSync(inRepository('packages', name, 'package.json'), 'utf8'))
  return scripts?.['check:package'] !== undefined
}

const checked = readdirSync(inRepository('packages')).filter(hasCheck)
for (const name of checked) {
  const cwd = inRepository('packages', name)
  const { code, output } = await runProcess('npm', ['run', '--silent', 'check:package'], { cwd, ...npmShell })
  if (code !== 0) {
    console.error(`packages/${name}:\n${output}`)
    process.exitCode = 1
  }
}
console.log(`${checked.length} packages checked: ${checked.join(', ')}`)
