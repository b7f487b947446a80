import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { chooseFreeName } from './choose-free-name'

const takenOf = (...names: string[]) => {
  const asked: string[] = []
  const isTaken = async (name: string) => {
    asked.push(name)
    return names.includes(name)
  }
  return { asked, isTaken }
}

describe('a free name', () => {
  it('is the wanted one if nobody has it', async () => {
    expect(await chooseFreeName('acme', takenOf('other').isTaken, randomBytes)).toBe('acme')
  })

  it('is the wanted one with a number of four to seven digits behind it otherwise', async () => {
    const { isTaken } = takenOf('acme')
    for (let count = 0; count < 100; count++) {
      expect(await chooseFreeName('acme', isTaken, randomBytes)).toMatch(/^acme-[1-9]\d{3,6}$/)
    }
    expect(await chooseFreeName('acme', isTaken, randomBytes, '')).toMatch(/^acme\d{4,7}$/)
    const highest = () => Buffer.alloc(4, 255)
    expect(await chooseFreeName('acme', isTaken, highest)).toHaveLength('acme-'.length + 7)
  })

  it('is chosen again while the number is taken too', async () => {
    const bytes = [Buffer.from([0, 0, 0, 0]), Buffer.from([0, 0, 0, 1])]
    const { isTaken, asked } = takenOf('acme', 'acme-1000')
    expect(await chooseFreeName('acme', isTaken, () => bytes.shift() ?? Buffer.alloc(4))).toBe('acme-1001')
    expect(asked).toEqual(['acme', 'acme-1000', 'acme-1001'])
  })

  it('is looked for a few times only', async () => {
    let looks = 0
    await chooseFreeName('acme', async () => ++looks > 0, randomBytes)
    expect(looks).toBe(8)
  })
})
