import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { progressRenderer } from '../../../../src/cli/output/renderers/progress-renderer.ts'
import { fakeOutput } from '../fake-io.ts'
import { events, unhealthy } from '../fake-run.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** What a terminal of this size shows in the end, its scrolled-off lines included. */
function screen(written: string): { lines: string[]; cursorVisible: boolean } {
  let lines: string[] = ['']
  let row = 0
  let column = 0
  let cursorVisible = true
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes a terminal obeys
  for (const part of written.match(/\x1b\[[?\d;]*[A-Za-z]|[^\x1b]/gu) ?? []) {
    if (part === '\n') {
      row += 1
      column = 0
      lines[row] ??= ''
    } else if (part === '\r') column = 0
    else if (part.endsWith('A') && part.startsWith('\u001b')) row -= Number(part.slice(2, -1))
    else if (part === '\u001b[J') {
      lines = lines.slice(0, row + 1)
      lines[row] = (lines[row] ?? '').slice(0, column)
    } else if (part === '\u001b[?25l') cursorVisible = false
    else if (part === '\u001b[?25h') cursorVisible = true
    else if (!part.startsWith('\u001b')) {
      lines[row] = `${(lines[row] ?? '').slice(0, column)}${part}`
      column += 1
    }
  }
  return { lines, cursorVisible }
}

test('under the finished lines stands what each node is doing, and the end leaves only those', () => {
  const output = fakeOutput({ columns: 80, rows: 24 })
  const renderer = progressRenderer(output)
  vi.advanceTimersByTime(100)
  expect(screen(output.text()).lines[0]).toMatch(/observing the cluster/)
  for (const event of events.slice(0, 12)) renderer.event(event)
  vi.advanceTimersByTime(1000)
  const running = screen(output.text())
  expect(running.cursorVisible).toBe(false)
  expect(running.lines.slice(0, -1).map((line) => line.replace(/^[⠀-⣿]/u, '*'))).toEqual([
    '  Connecting to host [10.0.0.1]',
    '! kube-apiserver expires in 9 days',
    '✔ 10.0.0.1  create container etcd (1.2 s)',
    '✔ 10.0.0.2  pull image rancher/hyperkube:v1.30.4-rancher1 (1 min 15 s)',
    '* 10.0.0.1  wait for etcd: no leader yet',
    '· cluster   waiting for other nodes (1 step left)',
    '  2/4 steps  0:01',
  ])
  for (const event of events.slice(12)) renderer.event(event)
  renderer.end()
  const ended = screen(output.text())
  expect(ended.cursorVisible).toBe(true)
  expect(ended.lines.at(-2)).toBe(
    '! cluster  apply addon rke-network-plugin: not done, because it needs "wait for etcd"',
  )
  expect(ended.lines.join('\n')).not.toContain('steps')
})

test('bytes of an image are shown while it is pulled', () => {
  const output = fakeOutput({ columns: 80, rows: 24 })
  const renderer = progressRenderer(output)
  for (const event of events.slice(0, 8)) renderer.event(event)
  vi.advanceTimersByTime(100)
  expect(screen(output.text()).lines.join('\n')).toContain(
    '10.0.0.2  pull image rancher/hyperkube:v1.30.4-rancher1 24/48 MB',
  )
  renderer.end()
})

test('it draws at most ten times a second, however much happens', () => {
  const output = fakeOutput({ columns: 80, rows: 24 })
  const write = vi.spyOn(output, 'write')
  const renderer = progressRenderer(output)
  for (let round = 0; round < 1000; round += 1) {
    for (const event of events) renderer.event(event)
    vi.advanceTimersByTime(1)
  }
  expect(write.mock.calls.length).toBeLessThanOrEqual(10)
  renderer.end()
})

test('no line of the block is wider than the terminal, and nodes that do not fit are counted', () => {
  const output = fakeOutput({ columns: 30, rows: 8 })
  const renderer = progressRenderer(output)
  const step = (node: number) => ({
    id: `node/10.0.0.${node}/x`,
    kind: 'container.create',
    node: `10.0.0.${node}`,
    title: 'create a container with a long name',
    because: [],
    reasons: [],
  })
  const steps = Array.from({ length: 40 }, (_, index) => step(index))
  renderer.event({ type: 'planned', steps })
  renderer.event({ type: 'started', step: step(17) })
  vi.advanceTimersByTime(100)
  const { lines } = screen(output.text())
  const block = lines.filter((line) => line !== '')
  expect(block.length).toBeLessThan(8)
  for (const line of block) expect([...line].length).toBeLessThan(30)
  expect(block.join('\n')).toContain('10.0.0.17')
  expect(block.join('\n')).toContain('and 35 more nodes')
  renderer.end()
})

test('a question has the terminal to itself', () => {
  const output = fakeOutput({ columns: 80, rows: 24 })
  const renderer = progressRenderer(output)
  vi.advanceTimersByTime(100)
  const resume = renderer.pause()
  const before = output.text()
  expect(screen(before)).toEqual({ lines: [''], cursorVisible: true })
  for (const event of events) renderer.event(event)
  vi.advanceTimersByTime(5000)
  expect(output.text()).toBe(before)
  resume()
  vi.advanceTimersByTime(100)
  expect(screen(output.text()).lines.join('\n')).toContain('create container etcd')
  renderer.end()
})

test('an error shows where, what, why and what next', () => {
  const output = fakeOutput({ columns: 80, rows: 24 })
  const renderer = progressRenderer(output)
  renderer.fatal(unhealthy)
  renderer.end()
  const { lines, cursorVisible } = screen(output.text())
  expect(cursorVisible).toBe(true)
  expect(lines).toEqual([
    '✖ 10.0.0.1: wait for etcd: etcd did not become healthy within 60 s',
    '    because: connect ECONNREFUSED 10.0.0.1:2379',
    '    next:    look at "docker logs etcd" on the node',
    '',
  ])
})
