import { randomBytes } from 'node:crypto'

/**
 * Signs up so many people, one after another.
 * @returns {Promise<{ email: string, password: string }[]>}
 */
export const createPeople = async (server, count) => {
  const people = Array.from({ length: count }, (_, n) => ({
    email: `person-${n}@example.com`,
    password: randomBytes(16).toString('base64url'),
  }))
  for (const person of people) {
    const response = await fetch(`${server.url}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...person, name: 'A Person' }),
    })
    if (!response.ok) throw new Error(`Sign-up answered ${response.status}`)
  }
  return people
}
