// A load generator in a process of its own. Reads autocannon's options from stdin, prints one line of JSON.
import { text } from 'node:stream/consumers'
import autocannon from 'autocannon'

const options = JSON.parse(await text(process.stdin))
const { requests, latency, non2xx, errors, timeouts } = await autocannon(options)
console.log(
  JSON.stringify({
    perSecond: requests.total / options.duration,
    total: requests.total,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    failures: non2xx + errors + timeouts,
  }),
)
