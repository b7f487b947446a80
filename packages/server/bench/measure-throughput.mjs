import { readCpuSeconds } from './process-usage.mjs'
import { runLoad } from './run-load.mjs'
import { median, spread } from './statistics.mjs'

/**
 * Requests in a second of Snoop and of the yardstick, in turns, so that a slow minute of the machine hits both.
 * @param {{ snoop: Target, bare: Target, headers: Record<string, string>, rounds: number, seconds: number, connections: number }} options
 * @typedef {{ url: string, pid: number }} Target
 */
export const measureThroughput = async ({ snoop, bare, headers, rounds, seconds, connections }) => {
  const measure = async ({ url, pid }) => {
    const cpuBefore = readCpuSeconds(pid)
    const { perSecond, total } = await runLoad('load.mjs', { url, headers, connections, duration: seconds })
    const cpu = readCpuSeconds(pid) - cpuBefore
    return { perSecond, cpuMicroseconds: (cpu / total) * 1e6 }
  }
  const results = []
  await measure(bare) // The first round of each only warms up.
  await measure(snoop)
  for (let round = 0; round < rounds; round += 1) {
    const ofBare = await measure(bare)
    const ofSnoop = await measure(snoop)
    results.push({ bare: ofBare, snoop: ofSnoop })
  }
  return {
    bare: spread(results.map(result => result.bare.perSecond)),
    snoop: spread(results.map(result => result.snoop.perSecond)),
    ratio: spread(results.map(({ bare: a, snoop: b }) => b.perSecond / a.perSecond)),
    bareCpuMicroseconds: median(results.map(result => result.bare.cpuMicroseconds)),
    snoopCpuMicroseconds: median(results.map(result => result.snoop.cpuMicroseconds)),
  }
}
