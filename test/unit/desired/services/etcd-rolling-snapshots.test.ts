import { describe, expect, it } from 'vitest'
import { bundle } from '../../fixture.ts'
import { containerOf, containersOf, flagsOf } from '../cluster.ts'

describe('recurring snapshots', () => {
  const namesWith = (yaml: string) => containersOf({ yaml }).map(({ name }) => name)

  it('are taken unless they are switched off as such', () => {
    expect(namesWith('')).toContain('etcd-rolling-snapshots')
    expect(namesWith('services: {etcd: {snapshot: false}}')).not.toContain('etcd-rolling-snapshots')
    expect(namesWith('services: {etcd: {snapshot: false, backup_config: {}}}')).not.toContain(
      'etcd-rolling-snapshots',
    )
  })

  it('are not tried every 0 hours by a block that is disabled and says nothing else', () => {
    const block = (text: string) => namesWith(`services: {etcd: {backup_config: {enabled: false${text}}}}`)
    expect(block('')).not.toContain('etcd-rolling-snapshots')
    expect(block(', interval_hours: 3')).not.toContain('etcd-rolling-snapshots')
    expect(block(', interval_hours: 3, retention: 2')).toContain('etcd-rolling-snapshots')
  })

  it('trust the S3 server by the given authority, passed as base64 of its very text', () => {
    const pem = bundle['kube-ca']?.certificatePEM ?? ''
    const yaml = `
services:
  etcd:
    backup_config:
      s3backupconfig: {bucket_name: b, endpoint: e, custom_ca: ${JSON.stringify(pem)}}`
    const value = flagsOf(containerOf('etcd-rolling-snapshots', { yaml }))['s3-endpoint-ca'] ?? ''
    expect(Buffer.from(value, 'base64').toString()).toBe(pem)
    expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----/)
  })
})
