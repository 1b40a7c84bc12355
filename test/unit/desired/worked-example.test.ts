import { describe, expect, it } from 'vitest'
import { clusterOf, containerOf, containersIn } from './cluster.ts'
import { containersText } from './containers-text.ts'

/**
 * The documented example: one node with all roles, an internal address and a name of its own, v1.30.5, x86_64,
 * everything else left to the defaults.
 */
const entries = (text: string): readonly string[] => text.trim().split(/\s+/)

const ETCD = entries(`
/usr/local/bin/etcd
--advertise-client-urls=https://10.0.0.10:2379
--cert-file=/etc/kubernetes/ssl/kube-etcd-10-0-0-10.pem
--cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
--client-cert-auth=true
--data-dir=/var/lib/rancher/etcd/
--election-timeout=5000
--heartbeat-interval=500
--initial-advertise-peer-urls=https://10.0.0.10:2380
--initial-cluster=etcd-n1=https://10.0.0.10:2380
--initial-cluster-state=new
--initial-cluster-token=etcd-cluster-1
--key-file=/etc/kubernetes/ssl/kube-etcd-10-0-0-10-key.pem
--listen-client-urls=https://10.0.0.10:2379
--listen-peer-urls=https://10.0.0.10:2380
--name=etcd-n1
--peer-cert-file=/etc/kubernetes/ssl/kube-etcd-10-0-0-10.pem
--peer-client-cert-auth=true
--peer-key-file=/etc/kubernetes/ssl/kube-etcd-10-0-0-10-key.pem
--peer-trusted-ca-file=/etc/kubernetes/ssl/kube-ca.pem
--trusted-ca-file=/etc/kubernetes/ssl/kube-ca.pem
`)

const KUBELET = entries(`
/opt/rke-tools/entrypoint.sh
kubelet
--address=0.0.0.0
--anonymous-auth=false
--authentication-token-webhook=true
--authorization-mode=Webhook
--cgroups-per-qos=True
--client-ca-file=/etc/kubernetes/ssl/kube-ca.pem
--cloud-provider=
--cluster-dns=10.43.0.10
--cluster-domain=cluster.local
--container-runtime-endpoint=unix:///var/run/cri-dockerd.sock
--event-qps=0
--fail-swap-on=false
--hostname-override=n1
--kubeconfig=/etc/kubernetes/ssl/kubecfg-kube-node.yaml
--make-iptables-util-chains=true
--node-ip=10.0.0.10
--pod-infra-container-image=rancher/mirrored-pause:3.7
--read-only-port=0
--resolv-conf=/etc/resolv.conf
--root-dir=/var/lib/kubelet
--streaming-connection-idle-timeout=30m
--tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305
--v=2
--volume-plugin-dir=/var/lib/kubelet/volumeplugins
`)

const CONTROLLER_MANAGER = entries(`
/opt/rke-tools/entrypoint.sh
kube-controller-manager
--allocate-node-cidrs=true
--allow-untagged-cloud=true
--authentication-kubeconfig=/etc/kubernetes/ssl/kubecfg-kube-controller-manager.yaml
--authorization-kubeconfig=/etc/kubernetes/ssl/kubecfg-kube-controller-manager.yaml
--cloud-provider=
--cluster-cidr=10.42.0.0/16
--configure-cloud-routes=false
--enable-hostpath-provisioner=false
--kubeconfig=/etc/kubernetes/ssl/kubecfg-kube-controller-manager.yaml
--leader-elect=true
--node-monitor-grace-period=40s
--profiling=false
--root-ca-file=/etc/kubernetes/ssl/kube-ca.pem
--service-account-private-key-file=/etc/kubernetes/ssl/kube-service-account-token-key.pem
--service-cluster-ip-range=10.43.0.0/16
--terminated-pod-gc-threshold=1000
--v=2
`)

describe('the containers of the documented example', () => {
  it('are an etcd with exactly these arguments and variables', () => {
    const { command, args, env } = containerOf('etcd')
    expect(command).toEqual([])
    expect(args).toEqual(ETCD)
    expect(env).toEqual([
      'ETCDCTL_API=3',
      'ETCDCTL_CACERT=/etc/kubernetes/ssl/kube-ca.pem',
      'ETCDCTL_CERT=/etc/kubernetes/ssl/kube-etcd-10-0-0-10.pem',
      'ETCDCTL_KEY=/etc/kubernetes/ssl/kube-etcd-10-0-0-10-key.pem',
      'ETCDCTL_ENDPOINTS=https://10.0.0.10:2379',
      'ETCD_UNSUPPORTED_ARCH=x86_64',
    ])
  })

  it('are an API server with these checksums and binds', () => {
    const { env, binds } = containerOf('kube-apiserver')
    expect(env).toEqual([
      'RKE_ADMISSION_CONFIG_CHECKSUM=69ff71a7958fe5108686fd89fcbff80d',
      'RKE_AUDITLOG_CONFIG_CHECKSUM=856f426399fb14a50b78e721d15c168c',
    ])
    expect(binds).toEqual(['/etc/kubernetes:/etc/kubernetes', '/var/log/kube-audit:/var/log/kube-audit'])
  })

  it('are a kubelet with exactly these arguments and variables', () => {
    const { command, args, env } = containerOf('kubelet')
    expect(command).toEqual(KUBELET)
    expect(args).toEqual([])
    expect(env).toEqual(['RKE_KUBELET_CRIDOCKERD=true'])
  })

  it('are a controller manager with exactly these arguments', () => {
    const { command, args } = containerOf('kube-controller-manager')
    expect(command).toEqual(CONTROLLER_MANAGER)
    expect(args).toEqual(['--use-service-account-credentials=true'])
  })

  it('do not include a proxy, which a worker beside it has', () => {
    const nodes = [
      '{address: 10.0.0.10, user: rke, role: [controlplane, etcd, worker]}',
      '{address: 10.0.0.11, user: rke, role: [worker]}',
    ]
    const config = clusterOf({ nodes })
    expect(containersIn(config).map(({ name }) => name)).not.toContain('nginx-proxy')
    const proxy = containersIn(config, { node: '10.0.0.11' }).find(({ name }) => name === 'nginx-proxy')
    expect(proxy).toMatchObject({ args: ['CP_HOSTS=10.0.0.10'], env: ['CP_HOSTS=10.0.0.10'] })
  })

  it('are, all in all, these', async () => {
    await expect(containersText(containersIn(clusterOf()))).toMatchFileSnapshot('golden/all-roles.txt')
  })
})
