/** Labels of kube-dns's objects besides `k8s-app`. */
export const addonLabels = {
  'kubernetes.io/cluster-service': 'true',
  'addonmanager.kubernetes.io/mode': 'Reconcile',
}
