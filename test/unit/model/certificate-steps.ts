import { isOnNode } from '../../../src/pki/distribution/deploy.ts'
import { leftOverAuthorities } from '../../../src/pki/rotation/left-over.ts'
import { anyOf } from './edits.ts'
import { planOfRotation, planOfStage } from './model-certificates.ts'
import type { ModelCluster } from './model-cluster.ts'
import { maybe, runStep, type Stage } from './stage.ts'
import { Watch } from './watch.ts'

const SERVICES = ['etcd', 'kubelet', 'kube-apiserver', 'kube-proxy']
const MOST_RUNS = 12

/** Certificates are renewed, or a rotation of the CA is begun or gone on with, by runs that are killed. What is left, later steps find. */
export async function playCertificates(stage: Stage): Promise<void> {
  const { model, random, settle } = stage
  const isBegun = model.store.state?.caRotation !== undefined
  if (!isBegun && random(2) === 0) {
    await settle()
    const services = random(2) === 0 ? [] : [anyOf(SERVICES, random)]
    const what = `rotate ${services.join() || 'all'}`
    await watched(stage, what, () => planOfRotation(model, services))
    return
  }
  for (let runs = 1 + random(4); runs > 0; runs--) {
    await settle()
    await watched(stage, 'rotate-ca', () => planOfStage(model))
  }
}

/** A rotation of the CA is brought to its end, also where its keys were lost; says whether there was one. */
export async function finishRotation(stage: Stage): Promise<boolean> {
  const { model, violations, settle } = stage
  if (!needsRotation(model)) return false
  for (let run = 1; needsRotation(model); run++) {
    if (run > MOST_RUNS) {
      violations.push('the rotation of the CA does not come to its end')
      return true
    }
    await settle()
    await runStep(stage, 'rotate-ca', () => planOfStage(model), undefined, watching(stage))
  }
  return true
}

const needsRotation = ({ store: { state } }: ModelCluster): boolean =>
  state?.caRotation !== undefined ||
  leftOverAuthorities(state?.desiredState.certificatesBundle ?? {}).length > 0

const watching =
  ({ model }: Stage) =>
  (plan: ConstructorParameters<typeof Watch>[1]) =>
    new Watch(model, plan)

async function watched(stage: Stage, what: string, prepare: Parameters<typeof runStep>[2]): Promise<void> {
  await runStep(stage, what, prepare, maybe(stage, 60), watching(stage))
}

/** What of certificates is not the same everywhere. */
export function certificateTrouble({ world, config, store: { state } }: ModelCluster): readonly string[] {
  const { certificatesBundle = {} } = state?.currentState ?? {}
  return config.nodes.flatMap((node) => {
    const { address } = node
    const { disk } = world.machine(address)
    const names = ['kube-ca', 'kube-apiserver-requestheader-ca', 'kube-node']
    return names
      .filter((name) => isOnNode(name, node))
      .flatMap((name) => {
        const has = disk.read(`/etc/kubernetes/ssl/${name}.pem`)
        return has === undefined || has === certificatesBundle[name]?.certificatePEM
          ? []
          : [`${name} of ${address} is not that of the state`]
      })
  })
}
