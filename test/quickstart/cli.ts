/**
 * `npm run quickstart`: from a fresh clone to a Kubernetes cluster on machines made for it on this box.
 * `npm run quickstart -- down` removes it.
 */
import { RkeError } from '../../src/errors.ts'
import { quickstart, takeDown } from './quickstart.ts'

const say = (line: string): void => console.log(line)
const [command = 'up'] = process.argv.slice(2)

try {
  if (command === 'up') await quickstart(say)
  else if (command === 'down') await takeDown(say)
  else
    throw new RkeError(`there is no "${command}"`, {
      hint: 'npm run quickstart, or npm run quickstart -- down',
    })
} catch (error) {
  if (!(error instanceof RkeError)) throw error
  console.error(error.hint === undefined ? error.message : `${error.message}\n${error.hint}`)
  process.exitCode = 1
}
