import { expect, test } from 'vitest'
import { fileNames } from '../../../src/state/file-names.ts'

test.each([
  ['cluster.yml', './cluster.rkestate', './kube_config_cluster.yml', './cluster_certs'],
  ['env/prod.v1.yaml', 'env/prod.v1.rkestate', 'env/kube_config_prod.v1.yaml', 'env/prod.v1_certs'],
  ['/srv/c', '/srv/c.rkestate', '/srv/kube_config_c', '/srv/c_certs'],
  ['a/../b.yml', './b.rkestate', './kube_config_b.yml', './b_certs'],
  ['a//q.yml', 'a/q.rkestate', 'a/kube_config_q.yml', 'a/q_certs'],
  ['.hidden', './.rkestate', './kube_config_.hidden', './_certs'],
  ['../up.yml', '../up.rkestate', '../kube_config_up.yml', '../up_certs'],
  ['', './cluster.rkestate', './kube_config_cluster.yml', './cluster_certs'],
])('the files of %s lie beside it', (config, state, kubeconfig, certificates) => {
  expect(fileNames(config)).toMatchObject({ state, kubeconfig, certificates })
})
