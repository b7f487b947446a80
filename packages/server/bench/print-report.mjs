import { availableParallelism, cpus } from 'node:os'

const round = (value, digits = 0) => value.toFixed(digits)
const signed = value => `${value < 0 ? '' : '+'}${round(value)}`
const within = ({ median, least, most }, digits = 0) =>
  `${round(median, digits)} (${round(least, digits)} to ${round(most, digits)})`

const latency = ({ p50Ms, p99Ms }) => `${round(p50Ms, 1)} and ${round(p99Ms, 1)}`

/** The figures as a table for people. */
export const printReport = ({ throughput, pressure, enumeration, tenants, version, start }) => {
  const rows = [
    ['GET /api/user/me by API key, requests/s', within(throughput.snoop)],
    ['  bare node:http with the same bytes, requests/s', within(throughput.bare)],
    ['  ratio', within(throughput.ratio, 2)],
    [
      '  processor time of one request, µs',
      `${round(throughput.snoopCpuMicroseconds)} (bare ${round(throughput.bareCpuMicroseconds)})`,
    ],
    ['Its p50 and p99 at 200/s, ms', latency(pressure.idle)],
    ['  while 50 people sign in, ms', latency(pressure.busy)],
    ['  sign-ins/s meanwhile', round(pressure.signInsPerSecond, 1)],
    ...enumeration.map(({ name, knownMs, unknownMs }) => [
      `${name} for a known and an unknown address, ms`,
      `${round(knownMs, 2)} and ${round(unknownMs, 2)} (${round(knownMs / unknownMs, 2)})`,
    ]),
    ...tenants.map(({ name, fewMs, manyMs }) => [
      `${name}, of few organizations and of many, ms`,
      `${round(fewMs, 2)} and ${round(manyMs, 2)} (${round(manyMs / fewMs, 2)})`,
    ]),
    ['snoop --version over node -e 0, ms', `${signed(version.addedMs)} (bare ${round(version.bareMs)})`],
    ['Server start to ready, ms', `${round(start.againMs)} (new database ${round(start.newMs)})`],
    ['Memory when idle, MiB', round(start.idleResidentMib)],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  console.log(
    `Node.js ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}`,
  )
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`)
}
