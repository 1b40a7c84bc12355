import { describe, expect, it } from 'vitest'
import type { ServiceOptions } from '../../../src/catalog/catalog.ts'
import { desiredInput } from '../../../src/desired/desired-cluster.ts'
import { nodeContainers } from '../../../src/desired/desired-node.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import { catalog, clusterOf, containerOf, flagsOf, nodeOf } from './cluster.ts'

/** The flags of a component whose version had these options, too. */
function flagsWith(name: string, options: Partial<ServiceOptions>, yaml = '') {
  const config = clusterOf({ yaml })
  const input = desiredInput(config, catalog, false)
  const changed = { ...input, options: { ...input.options, ...options } }
  const found = nodeContainers(changed, nodeOf(config), ordinaryLinux).find((spec) => spec.name === name)
  return { flags: found && flagsOf(found), args: found?.args }
}

describe('the options of a version', () => {
  it('win over what the program says, and take a flag away with an empty value', () => {
    const { flags } = flagsWith('kube-proxy', { kubeproxy: { 'cluster-cidr': '', kubeconfig: '/other' } })
    expect(flags).toEqual({ 'hostname-override': 'n1', kubeconfig: '/other' })
  })

  it('never reach a flag that the configuration alone decides', () => {
    const { flags } = flagsWith('kube-apiserver', {
      kubeapi: {
        'authorization-mode': 'AlwaysAllow',
        'advertise-address': '1.2.3.4',
        'audit-log-path': '/x',
      },
    })
    expect(flags).toMatchObject({
      'authorization-mode': 'Node,RBAC',
      'advertise-address': '10.0.0.10',
      'audit-log-path': '/var/log/kube-audit/audit-log.json',
    })
  })

  it('give the other kubeconfigs of a component the value of its first', () => {
    const { flags } = flagsWith('kube-scheduler', { scheduler: { kubeconfig: '/other' } })
    expect(flags).toEqual({
      kubeconfig: '/other',
      'authentication-kubeconfig': '/other',
      'authorization-kubeconfig': '/other',
    })
  })

  it('give the kubelet, and only it, an empty value as two quotes', () => {
    expect(flagsWith('kubelet', { kubelet: { 'cgroup-root': "''" } }).flags).toHaveProperty('cgroup-root', '')
    expect(flagsWith('kube-proxy', { kubeproxy: { x: "''" } }).flags).toHaveProperty('x', "''")
  })

  it('with an empty value stay away altogether where the program says nothing', () => {
    expect(flagsOf(containerOf('kubelet'))).not.toHaveProperty('enforce-node-allocatable')
  })

  it('leave etcd asking for client certificates even when they do not say so', () => {
    const { args } = flagsWith('etcd', { etcd: { 'peer-client-cert-auth': 'true' } })
    expect(args?.slice(0, 2)).toEqual(['/usr/local/bin/etcd', '--client-cert-auth'])
    expect(args?.filter((arg) => arg.includes('client-cert-auth'))).toEqual([
      '--client-cert-auth',
      '--peer-client-cert-auth=true',
    ])
    const yaml = 'services: {etcd: {extra_args: {client-cert-auth: "false"}}}'
    expect(flagsWith('etcd', { etcd: {} }, yaml).args).toContain('--client-cert-auth=false')
    expect(flagsWith('etcd', { etcd: {} }, yaml).args).not.toContain('--client-cert-auth')
  })
})

describe('extra arguments', () => {
  it('replace the whole value of a flag, whoever set it', () => {
    const yaml = `
services:
  kube-api:
    always_pull_images: true
    extra_args: {enable-admission-plugins: NodeRestriction, authorization-mode: Node, cloud-provider: x, v: ""}`
    expect(flagsOf(containerOf('kube-apiserver', { yaml }))).toMatchObject({
      'enable-admission-plugins': 'NodeRestriction',
      'authorization-mode': 'Node',
      'cloud-provider': 'x',
      v: '',
    })
  })

  it('do not change the kubeconfigs that follow the first', () => {
    const yaml = 'services: {kube-controller: {extra_args: {kubeconfig: /own}}}'
    expect(flagsOf(containerOf('kube-controller-manager', { yaml }))).toMatchObject({
      kubeconfig: '/own',
      'authentication-kubeconfig': '/etc/kubernetes/ssl/kubecfg-kube-controller-manager.yaml',
      'authorization-kubeconfig': '/etc/kubernetes/ssl/kubecfg-kube-controller-manager.yaml',
    })
  })

  it('lose only to the address of the node-local DNS', () => {
    const yaml = `
dns: {nodelocal: {ip_address: 169.254.20.10}}
services: {kubelet: {extra_args: {cluster-dns: 10.43.0.99}, extra_args_array: {cluster-dns: [10.43.0.98]}}}`
    expect(flagsOf(containerOf('kubelet', { yaml }))['cluster-dns']).toBe('169.254.20.10 and 10.43.0.98')
  })

  it('given as arrays add to a flag, in their order, and never replace it', () => {
    const yaml =
      'services: {kube-api: {extra_args: {v: "3"}, extra_args_array: {v: ["5", "4"], bind-address: [x]}}}'
    const flags = flagsOf(containerOf('kube-apiserver', { yaml }))
    expect(flags).toMatchObject({ v: '3 and 5 and 4', 'bind-address': '0.0.0.0 and x' })
  })

  it('come before what the controller manager is told beside its entrypoint', () => {
    const yaml = 'services: {kube-controller: {extra_args: {use-service-account-credentials: "false"}}}'
    const flags = flagsOf(containerOf('kube-controller-manager', { yaml }))
    expect(flags['use-service-account-credentials']).toBe('false and true')
  })
})
