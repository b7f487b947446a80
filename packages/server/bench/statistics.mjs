/** @param {readonly number[]} values at least one */
export const median = values => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** From the smallest to the largest of some values, to show how far they can be trusted. */
export const spread = values => ({
  median: median(values),
  least: Math.min(...values),
  most: Math.max(...values),
})
