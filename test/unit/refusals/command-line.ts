import { file, type Refusals } from './refused.ts'

export const COMMAND_LINE: Refusals = {
  'cert-rotate.ts: --custom-certs does not go with --service: all certificates are taken from the folder':
    'it is about a flag of a run',
  'cert-rotate.ts: --… goes only with --rotate-ca': 'it ends another command',
  'cert-rotate-ca.ts: --… does not go with --rotate-ca: …': 'it ends another command',
  'cert-rotate-ca.ts: --… does not go with --immediately: it is about stages': 'it ends another command',
  'rewrite-arguments.ts: --… and -… are the same flag; give one of them': 'it ends another command',
  "rewrite-arguments.ts: unknown option '-…'": {
    files: file(''),
    flags: '-x',
    says: /unknown option '-x'/,
  },
  'rewrite-arguments.ts: --… is true or false, not "…"': {
    files: file(''),
    flags: '--strict=maybe',
    says: /--strict is true or false, not \\"maybe\\"/,
  },
  'rewrite-arguments.ts: --… needs a value': {
    files: file(''),
    flags: '--cert-dir',
    says: /--cert-dir needs a value/,
  },
  'snapshot-name.ts: a snapshot cannot be named …': 'it ends another command',
  'etcd-snapshot-rm.ts: --keep is a number from 1 on, not "…"': 'it ends another command',
  'etcd-snapshot-rm.ts: --older-than is an age such as 30d or 12h, not "…"': 'it ends another command',
  'etcd-snapshot-rm.ts: which snapshots are to be removed is not clear': 'it ends another command',
  'etcd-snapshot-verify.ts: name the snapshots to verify, or give --all': 'it ends another command',
  'remove-snapshots.ts: the number of snapshots to keep is …':
    'a program that uses the library made a mistake',
  'remove-snapshots.ts: which snapshots are to be removed is not clear':
    'a program that uses the library made a mistake',
  'snapshot-places.ts: the cluster has no etcd nodes, and so no snapshots of its own':
    'it ends another command',
  'snapshot-bucket.ts: --… …': 'it ends another command',
  'snapshot-bucket.ts: the file … of --… cannot be read': 'it ends another command',
  'cert-check.ts: --warn-days must be a whole number of days, not "…"': 'it ends another command',
  'images-load.ts: --local and --nodes cannot be used together': 'it ends another command',
  'archive-file.ts: --file … is a folder; name a file in it': 'it ends another command',
  'archive-file.ts: the folder of --file … is not there': 'it ends another command',
  'archive-file.ts: cannot read the archive …': 'it ends another command',
  'archive-file.ts: --file … is not a file': 'it ends another command',
  'archive-file.ts: the archive … is empty': 'it ends another command',
  'archive-file.ts: --file is missing': 'it ends another command',
  'confirm-plan.ts: nobody can be asked whether to go on: standard input is no terminal':
    'it ends another command',
  'ask.ts: the question was not answered: the input has ended': 'it ends another command',
  'certificate-folder.ts: the certificate folder … cannot be written': 'it ends another command',
  'certificate-folder.ts: cannot read the certificate folder …': {
    files: file(''),
    flags: '--custom-certs',
    says: /cannot find the certificate folder .*cluster_certs/,
  },
  'certificate-folder.ts: … cannot be read': {
    files: { ...file(''), 'cluster_certs/kube-ca.pem': undefined },
    flags: '--custom-certs',
    says: /kube-ca\.pem cannot be read: it is a folder/,
  },
  'read-cluster-file.ts: the name of the cluster file is empty': {
    files: {},
    flags: '--config=',
    says: /the name of the cluster file is empty/,
  },
  'read-cluster-file.ts: cannot find the cluster file …': {
    files: {},
    says: /cannot find the cluster file/,
  },
  'read-cluster-file.ts: the cluster file … is a folder': {
    files: { 'cluster.yml': undefined },
    says: /the cluster file .*cluster\.yml is a folder/,
  },
  'read-cluster-file.ts: the cluster file … may not be read by this user': 'only another user sees it',
  'read-cluster-file.ts: cannot read the cluster file …': {
    files: {},
    flags: '--config=/dev/null/cluster.yml',
    says: /cannot read the cluster file \/dev\/null\/cluster\.yml/,
  },
  'kubeconfig-file.ts: the kubeconfig … cannot be written': 'it is about writing a file',
  'kubeconfig-file.ts: cannot read the kubeconfig …': 'it ends another command',
  'kubeconfig-file.ts: the kubeconfig … cannot be replaced': 'it is about writing a file',
  'local-docker.ts: DOCKER_HOST is "…", which is not valid': {
    files: file(''),
    flags: '--local',
    env: { DOCKER_HOST: 'smoke://signals' },
    says: /DOCKER_HOST is \\"smoke:\/\/signals\\", which is not valid/,
  },
  'local-docker.ts: cannot read …, which Docker at DOCKER_HOST needs': {
    files: file(''),
    flags: '--local',
    env: { DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' },
    says: /cannot read \/nowhere\/.*, which Docker at DOCKER_HOST needs/,
  },
  'write-cluster-file.ts: the name of the file is empty': 'it ends another command',
  'write-cluster-file.ts: … is a folder': 'it ends another command',
  'write-cluster-file.ts: the file … cannot be written': 'it ends another command',
  'ask-for-cluster.ts: there is no answer to "…": the input has ended': 'it ends another command',
  "parse-arguments.ts: thrown.message.replace(/^error: /, '')": {
    files: file(''),
    flags: '--frobnicate',
    says: /--frobnicate/,
  },
  'up.ts: --plan does not go with …': 'it is about a flag of a run',
  'parse-arguments.ts: "rke …" takes no argument "…"': 'it ends another command',
  'parse-arguments.ts: "rke …" takes one …': 'it ends another command',
  'parse-arguments.ts: … is not supported yet': 'it ends another command',
}
