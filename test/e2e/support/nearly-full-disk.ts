/** What is left on the disk: enough for a lock, far too little for a state. */
const LEFT = '16k'

const SCRIPT = `
set -e
from=$PWD
mkdir -p full
mount -t tmpfs -o size=2m tmpfs full
cp cluster.yml cluster.rkestate kube_config_cluster.yml full
cd full
cat /dev/zero >ballast 2>/dev/null || truncate -s -${LEFT} ballast
code=0
"$@" || code=$?
rm ballast
mkdir -p "$from/after"
cp -a . "$from/after"
exit $code
`

/**
 * For `RkeOptions.under`: runs a command on a copy of the working folder whose disk is nearly full, in a mount
 * namespace of its own. What it left there is in the folder `after` then.
 */
export const onNearlyFullDisk: readonly string[] = ['unshare', '-rm', 'sh', '-c', SCRIPT, 'sh']
