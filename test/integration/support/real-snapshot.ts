import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { docker } from '../../testbed/run.ts'
import { Component } from './component.ts'
import { ownAddress } from './loopback.ts'

/** A database as `etcdctl snapshot save` writes it, of an etcd with so many keys besides its own. */
export async function realSnapshot(keys: number): Promise<Buffer> {
  const url = `http://${ownAddress(9)}`
  const urls = ['listen', 'advertise'].map((kind) => `--${kind}-client-urls=${url}:2379`)
  const peers = ['listen-peer-urls', 'initial-advertise-peer-urls'].map((flag) => `--${flag}=${url}:2380`)
  const command = ['/usr/local/bin/etcd', '--data-dir=/data', ...urls, ...peers]
  await using etcd = await Component.start(
    'etcd',
    [...command, `--initial-cluster=default=${url}:2380`],
    tmpdir(),
  )
  const ctl = (...args: readonly string[]): Promise<string> =>
    etcd.exec('/usr/local/bin/etcdctl', `--endpoints=${url}:2379`, ...args)
  for (let tries = 0; ; tries++) {
    const healthy = await ctl('endpoint', 'health').catch(() => undefined)
    if (healthy !== undefined) break
    if (tries === 60) throw new Error(`etcd does not answer: ${await etcd.log()}`)
    await delay(500)
  }
  for (let key = 0; key < keys; key++) await ctl('put', `/registry/key-${key}`, 'x'.repeat(1000))
  await ctl('snapshot', 'save', '/snapshot')
  const folder = mkdtempSync(join(tmpdir(), 'rke-snapshot-'))
  try {
    await docker('cp', `${etcd.id}:/snapshot`, folder)
    return readFileSync(join(folder, 'snapshot'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
