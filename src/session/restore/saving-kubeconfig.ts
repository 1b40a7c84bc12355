import type { RunState } from '../../actions/action-handler.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { Secret } from '../../secret.ts'
import type { Deps } from '../deps.ts'

/**
 * The same state; the administrator's kubeconfig follows it as soon as it changes to that of another cluster. Not before: until
 * then nothing is changed.
 */
export function savingKubeconfig(
  state: RunState,
  bundle: CertificatesBundle,
  { saveKubeconfig }: Pick<Deps, 'saveKubeconfig'>,
): RunState {
  const kubeconfig = bundle['kube-admin']?.config
  const save = async (): Promise<void> => {
    if (kubeconfig) await saveKubeconfig?.(new Secret(kubeconfig))
  }
  return {
    ...state,
    async beginRestore(restore, next) {
      await state.beginRestore(restore, next)
      await save()
    },
    async undoRestore(before) {
      await state.undoRestore(before)
      await save()
    },
  }
}
