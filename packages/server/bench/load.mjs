// A load generator in a process of its own. Reads autocannon's options from stdin, prints one line of JSON.
import { text } from 'node:stream/consumers'
import autocannon from 'autocannon'

const options = JSON.parse(await text(process.stdin))
const { requests, duration, non2xx, errors, timeouts } = await autocannon(options)
console.log(
  JSON.stringify({
    perSecond: requests.total / duration,
    total: requests.total,
    failures: non2xx + errors + timeouts,
  }),
)
