// A load generator in a process of its own. Reads autocannon's options from stdin, prints one line of JSON.
// Beyond them: `bodies`, one for each connection.
import { text } from 'node:stream/consumers'
import autocannon from 'autocannon'

const { bodies = [], ...options } = JSON.parse(await text(process.stdin))
const setupClient = client => {
  const body = bodies.shift()
  if (body !== undefined) client.setBody(body)
}
const { requests, duration, non2xx, errors, timeouts } = await autocannon({ ...options, setupClient })
console.log(
  JSON.stringify({
    perSecond: requests.total / duration,
    total: requests.total,
    failures: non2xx + errors + timeouts,
  }),
)
