import { expect, it } from 'vitest'
import { lastLogLines } from '../../../src/actions/last-log-lines.ts'
import { FakeNode } from '../fakes/fake-node.ts'

async function linesOf(stderr: string): Promise<string> {
  const node = new FakeNode('10.0.0.1')
  node.docker.logs = async () => ({ stdout: '', stderr })
  return lastLogLines(node, 'kubelet')
}

it('shows what a component said last, and not how its entry script was started again', async () => {
  const script = Array.from({ length: 50 }, (_, index) => `+ step ${index}`).join('\n')
  expect(await linesOf(`E1 "command failed" err="unknown flag"\n${script}\n++ cat /x\n`)).toBe(
    'Last lines of its log:\nE1 "command failed" err="unknown flag"',
  )
})

it('shows the script where nothing else is said, and says so where there is nothing', async () => {
  expect(await linesOf('+ sleep 10\n')).toBe('Last lines of its log:\n+ sleep 10')
  expect(await linesOf('')).toBe('The log of container kubelet is empty.')
})
