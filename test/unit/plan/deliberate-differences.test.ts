import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load-config.ts'
import { desiredInput, desiredNodes } from '../../../src/desired/desired-cluster.ts'
import type { DesiredNode } from '../../../src/desired/desired-node.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import { deferredChanges } from '../../../src/plan/node/deferred-changes.ts'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import { reasonText } from '../../../src/reason-text.ts'
import { halfStateChanges } from '../../../src/state/state-changes.ts'
import { parseState } from '../../../src/state/state-json.ts'
import { catalog } from '../fixture.ts'
import { healthyNode, quiet, registered, seeing } from './support.ts'

function nodeOf(more: string, role = 'controlplane, etcd, worker'): DesiredNode {
  const yaml = `nodes: [{address: 1.2.3.4, user: u, role: [${role}]}]\nnetwork: {plugin: none}\n${more}`
  const { config } = loadConfig(yaml, 'cluster.yml', catalog)
  const material = {
    bundle: {},
    generated: new Set<string>(),
    encryptionConfig: undefined,
    encryptionGenerated: false,
  }
  const [node] = config.nodes
  if (node === undefined) throw new TypeError('no node')
  return desiredNodes(desiredInput(config, catalog, false), material)(node, ordinaryLinux)
}

/** A plan for a node that has the containers of another configuration. */
function takeover(had: DesiredNode, wanted: DesiredNode) {
  const machines = new Map([['1.2.3.4', healthyNode(had)]])
  const basis = quiet({ nodes: [wanted] })
  const config = { ...basis.wanted.config, nodes: [wanted.node] }
  const input = registered(seeing({ ...basis, wanted: { ...basis.wanted, config } }, { machines }))
  const changes = planCluster(input).actions.map(({ id, because }) => [id, ...because.map(reasonText)])
  return {
    changes,
    notices: deferredChanges(input).flatMap(({ differences }) => differences.map(reasonText)),
  }
}

describe('at takeover the plan says where RKE has something else by intention:', () => {
  it('recurring snapshots that are off or cannot be taken', () => {
    const withEtcd = (etcd: string) => takeover(nodeOf(''), nodeOf(`services: {etcd: ${etcd}}`)).changes
    const id = 'node/1.2.3.4/leftover/etcd-rolling-snapshots'
    expect(withEtcd('{backup_config: {enabled: false}}')).toEqual([
      [id, 'differs from RKE: backup_config.enabled is false'],
    ])
    expect(withEtcd('{backup_config: {retention: -1}}')).toEqual([
      [id, 'differs from RKE: backup_config asks for -1 snapshots, one every 12 hours'],
    ])
    expect(withEtcd('{creation: 0s}')).toEqual([[id, 'differs from RKE: creation is "0s", retention "72h"']])
  })

  it('how nodes are drained, which only changes what is stored', () => {
    const text = `nodes: [{address: 1.2.3.4, user: u, role: [controlplane, etcd, worker]}]
upgrade_strategy: {drain: true, node_drain_input: {ignore_daemonsets: true, timeout: null}}`
    const { config } = loadConfig(text, 'cluster.yml', catalog)
    const { nodeDrainInput, ...others } = config.upgradeStrategy
    const { ignoreDaemonSets, ...kept } = nodeDrainInput ?? {}
    expect(ignoreDaemonSets).toBe(true)
    const byRke = { ...config, upgradeStrategy: { ...others, nodeDrainInput: { ...kept, timeout: 0 } } }
    const state = JSON.stringify({ desiredState: {}, currentState: { rkeConfig: byRke } })
    const { currentState } = parseState(state, 'the state')
    const changes = halfStateChanges(currentState, { rkeConfig: config })
    expect(changes).toEqual([{ kind: 'configuration-changed', keys: ['upgrade_strategy'] }])
  })

  it('a member of etcd that is listed twice, which is no reason to replace it', () => {
    const wanted = nodeOf('', 'controlplane, etcd, etcd, worker')
    const had = {
      ...wanted,
      containers: wanted.containers.map((spec) => ({
        ...spec,
        args: spec.args.map((arg) => arg.replace(/^--initial-cluster=(.*)$/, '--initial-cluster=$1,$1')),
      })),
    }
    const { changes, notices } = takeover(had, wanted)
    expect(changes).toEqual([])
    expect(notices).toEqual([expect.stringMatching(/^argument --initial-cluster: .*,.* → [^,]*$/)])
  })
})
