import { expect, it } from 'vitest'
import { lastLogLines } from '../../../src/actions/containers/last-log-lines.ts'
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

it('shows the last error before them, where it was started again since', async () => {
  const error =
    'E1128 19:00:00.000000    1 run.go:74] "command failed" err="invalid argument many for max-pods"'
  const since = Array.from({ length: 30 }, (_, index) => `I1128 looking for a cgroup driver ${index}`)
  const lines = (await linesOf(['E1128 earlier', error, ...since, ''].join('\n'))).split('\n')
  expect(lines.slice(0, 3)).toEqual(['Last lines of its log:', error, '…'])
  expect(lines.at(-1)).toBe(since.at(-1))
  expect(lines).toHaveLength(23)
  expect(await linesOf(`${since.join('\n')}\n${error}\n`)).not.toContain('…')
})
