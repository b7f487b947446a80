/** The configuration cannot be used. Holds no secret value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** One sentence each: the setting, where its value came from, what is wrong, an example. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(['The configuration cannot be used:', ...problems.map(problem => `  - ${problem}`)].join('\n'))
    this.problems = problems
  }
}
