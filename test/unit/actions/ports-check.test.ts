import { describe, expect, it } from 'vitest'
import { portsCheck } from '../../../src/actions/node/ports-check.ts'
import { ConnectionError } from '../../../src/errors.ts'
import type { PortsCheck, Route } from '../../../src/plan/action/checks.ts'
import { Gauge } from '../../sim/ssh-counts.ts'
import { accepted, bench } from './support.ts'

const check = (routes: readonly Route[], free: readonly Route[] = []): PortsCheck => ({
  kind: 'ports.check',
  id: 'cluster/ports',
  because: [],
  after: [],
  routes,
  free,
})
const route = { from: '10.0.0.1', host: '10.0.0.2', port: 2379 }

describe('the check of ports between nodes', () => {
  it('dials each way from its own node', async () => {
    const { node, context } = bench('10.0.0.1', '10.0.0.2')
    await portsCheck.run(check([route, { from: '10.0.0.2', host: '10.0.0.1', port: 6443 }]), context)
    expect([node('10.0.0.1').dialled, node('10.0.0.2').dialled]).toEqual([
      ['10.0.0.2:2379'],
      ['10.0.0.1:6443'],
    ])
  })

  it('takes "refused" as proof that nothing on the way drops packets', async () => {
    const { context } = bench('10.0.0.1')
    await expect(portsCheck.run(check([route]), context)).resolves.toBeUndefined()
  })

  it('names both ends, the port and the way out where nothing comes back', async () => {
    const { node, context } = bench('10.0.0.1')
    node('10.0.0.1').onDial = () => {
      throw new ConnectionError('other', 'No route to host')
    }
    await expect(portsCheck.run(check([route]), context)).rejects.toMatchObject({
      message: 'cannot reach 10.0.0.2 port 2379/tcp: No route to host',
      host: '10.0.0.1',
      hint: expect.stringContaining('--disable-port-check'),
    })
  })

  it('has each way tried soon enough, however many there are', async () => {
    const { node, context } = bench('10.0.0.1')
    const open = new Gauge()
    node('10.0.0.1').onDial = async () => {
      open.up()
      await new Promise((resolve) => setImmediate(resolve))
      open.down()
      throw new ConnectionError('refused', 'Connection refused')
    }
    const routes = Array.from({ length: 2000 }, (_, index) => ({ ...route, port: index + 1 }))
    await portsCheck.run(check(routes), context)
    expect(node('10.0.0.1').dialled).toHaveLength(2000)
    expect(open.most).toBe(500)
  })

  it('sums up what is blocked in a line that can be read, however much it is', async () => {
    const { node, context } = bench('10.0.0.1')
    node('10.0.0.1').onDial = () => {
      throw new ConnectionError('timed-out', 'timed out')
    }
    const routes = Array.from({ length: 1000 }, (_, index) => ({ ...route, port: index + 1 }))
    await expect(portsCheck.run(check(routes), context)).rejects.toMatchObject({
      message: expect.stringMatching(/^1000 ports are not usable: .{1,300}; and 997 more$/),
      failures: { length: 1000 },
    })
  })

  it('tells of all blocked ways at once', async () => {
    const { node, context } = bench('10.0.0.1')
    node('10.0.0.1').onDial = () => {
      throw new ConnectionError('timed-out', 'timed out')
    }
    const other = { ...route, port: 2380 }
    await expect(portsCheck.run(check([route, other]), context)).rejects.toMatchObject({
      failures: [{ message: expect.stringContaining('2379') }, { message: expect.stringContaining('2380') }],
    })
  })

  it('finds a port of a new node that somebody else has', async () => {
    const { node, context } = bench('10.0.0.1')
    node('10.0.0.1').onDial = accepted
    const own = { from: '10.0.0.1', host: '10.0.0.1', port: 6443 }
    await expect(portsCheck.run(check([], [own]), context)).rejects.toThrow(
      'port 6443/tcp is taken, but not by a container of this cluster',
    )
  })

  it('does not blame the way between nodes when the node itself is lost', async () => {
    const { node, context } = bench('10.0.0.1')
    node('10.0.0.1').onDial = () => {
      throw new ConnectionError('closed', 'the connection to 10.0.0.1 was lost')
    }
    await expect(portsCheck.run(check([route]), context)).rejects.toThrow(
      'the connection to 10.0.0.1 was lost',
    )
  })
})
