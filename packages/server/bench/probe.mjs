// Asks at a steady rate, in a process of its own, and tells how long the answers took. Options from stdin, JSON to stdout.
import { Agent, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'

const { url, headers, perSecond, seconds } = JSON.parse(await text(process.stdin))
const agent = new Agent({ keepAlive: true })

const ask = () =>
  new Promise((resolve, reject) => {
    const request = get(url, { headers, agent }, response => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
    request.on('error', reject)
  })

/** From the time that it was due: a request that had to wait for its turn has waited. Timers may be early, by a little. */
const askAt = async due => {
  await pause(Math.max(0, due - performance.now()))
  const from = Math.min(due, performance.now())
  const status = await ask()
  return { ms: performance.now() - from, isOk: status === 200 }
}

await Promise.all(Array.from({ length: 10 }, ask)) // Opens connections.
const startsAt = performance.now() + 100
const answers = await Promise.all(
  Array.from({ length: perSecond * seconds }, (_, index) => askAt(startsAt + (index * 1000) / perSecond)),
)
agent.destroy()

const times = answers.map(({ ms }) => ms).sort((a, b) => a - b)
const percentile = share => times[Math.min(times.length - 1, Math.floor(times.length * share))]
console.log(
  JSON.stringify({
    total: times.length,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    failures: answers.filter(({ isOk }) => !isOk).length,
  }),
)
