import type { FieldProblem } from '../../domain/domain-error'

/** What a schema says of a value, and the words for it that come behind `The … field`. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^Required$|^.* received undefined$/, 'is required'],
  [/^Invalid url$/i, 'must be a valid URL'],
  [/^Invalid input: expected (?:int|number)\b.*$/, 'must be an integer'],
  [/^Invalid input: expected boolean\b.*$/, 'must be true or false'],
  [/^Invalid input: expected string\b.*$/, 'must be a string'],
  [/^Too small: expected \w+ to be >=?(-?\d+)$/, 'must be at least $1'],
  [/^Too big: expected \w+ to be <=?(-?\d+)$/, 'must not be greater than $1'],
  [/^Invalid option: expected one of (.+)$/, 'must be one of $1'],
  [/^Must /, 'must '],
]

/** Such as `The url field is required.` */
export const toFieldSentence = ({ field, error }: Pick<FieldProblem, 'field' | 'error'>): string => {
  const name = field.replaceAll('_', ' ')
  for (const [pattern, words] of WORDS) {
    if (pattern.test(error)) return `The ${name} field ${error.replace(pattern, words)}.`
  }
  return `The ${name} field is not valid: ${error}.`
}
