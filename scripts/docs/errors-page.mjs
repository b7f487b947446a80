import { code, pageHead, paragraphs, table } from './markdown.mjs'

const intro = `An error is \`{"success":false,"status":…,"code":"…","message":"…","meta":…}\`. Its \`code\` never changes its meaning; \`message\` is
for people and may be made better. \`meta\` is there where the code has more to say: \`meta.errors\` (\`field\`, \`error\`, \`location\`) for
\`VALIDATION_ERROR\`, \`meta.required\` and \`meta.missing\` for scopes and permissions, \`meta.field\` for \`CONFLICT\`.

Trying again never helps with 400, 401, 403, 404 or 409. After a 429 wait for \`Retry-After\`. After a 5xx try again with growing
pauses, but only what is safe to repeat.`

/**
 * docs/errors.md.
 * @param {{ ERROR_CATALOGUE: Record<string, { status: number, message: string, remedy: string }> }} contract
 */
export const errorsPage = ({ ERROR_CATALOGUE }) => {
  const entries = Object.entries(ERROR_CATALOGUE)
  const statuses = [...new Set(entries.map(([, { status }]) => status))].sort((a, b) => a - b)
  const sections = statuses.map(wanted =>
    paragraphs(
      `## ${wanted}`,
      table(
        ['Code', 'Message', 'What to do'],
        entries
          .filter(([, { status }]) => status === wanted)
          .map(([name, { message, remedy }]) => [code(name), message, remedy]),
      ),
    ),
  )
  return `${paragraphs(pageHead('Errors', 'packages/sdk/src/contract/error-catalogue.ts'), intro, ...sections)}\n`
}
