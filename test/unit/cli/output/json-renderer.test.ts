import { expect, test } from 'vitest'
import { jsonRenderer } from '../../../../src/cli/output/renderers/json-renderer.ts'
import { RunFailedError } from '../../../../src/errors.ts'
import { fakeOutput } from '../fake-io.ts'
import { events, unhealthy } from '../fake-run.ts'

test('a run is one JSON object a line', async () => {
  const output = fakeOutput()
  const renderer = jsonRenderer(output, () => new Date('2024-10-07T07:15:02.900Z'))
  for (const event of events) renderer.event(event)
  renderer.say('info', 'Finished building Kubernetes cluster successfully')
  renderer.fatal(new RunFailedError('1 step failed', [unhealthy], { hint: 'run it again' }))
  renderer.end()
  for (const line of output.text().trim().split('\n')) {
    expect(JSON.parse(line)).toMatchObject({ type: expect.any(String), time: '2024-10-07T07:15:02.900Z' })
  }
  await expect(output.text()).toMatchFileSnapshot('golden/run.jsonl')
})
