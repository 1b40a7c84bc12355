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

  it('are switched off by a block that is disabled, whatever it says besides', () => {
    const block = (text: string) => namesWith(`services: {etcd: {backup_config: {enabled: false${text}}}}`)
    expect(block('')).not.toContain('etcd-rolling-snapshots')
    expect(block(', interval_hours: 3')).not.toContain('etcd-rolling-snapshots')
    expect(block(', interval_hours: 3, retention: 2')).not.toContain('etcd-rolling-snapshots')
  })

  it.each([
    '{creation: 0s}',
    '{creation: -1h}',
    '{retention: 0h}',
    '{creation: 3d}',
    '{backup_config: {interval_hours: -1}}',
    '{backup_config: {retention: -1}}',
  ])('are not tried by a container that cannot take any: %s', (etcd) =>
    expect(namesWith(`services: {etcd: ${etcd}}`)).not.toContain('etcd-rolling-snapshots'),
  )

  it('are kept by age or by number, whichever form the file has', () => {
    const schedule = (etcd: string) => {
      const { creation, retention } = flagsOf(
        containerOf('etcd-rolling-snapshots', { yaml: `services: {etcd: ${etcd}}` }),
      )
      return { creation, retention }
    }
    expect(schedule('{creation: 30m, retention: 5h}')).toEqual({ creation: '30m', retention: '5h' })
    expect(schedule('{creation: 30m, backup_config: {interval_hours: 6, retention: 28}}')).toEqual({
      creation: '6h',
      retention: '168h',
    })
    expect(schedule('{backup_config: {}}')).toEqual({ creation: '12h', retention: '72h' })
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
