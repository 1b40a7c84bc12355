/** Where helper containers see the data directory of etcd, as etcd's own does. */
export const ETCD_DATA = '/var/lib/rancher/etcd'

/** Inside the data directory: what was there before a recovery that is not finished. */
export const BEFORE_RECOVER = 'before-recover'

/** Gives what a recovery has set aside a name with the time, so that no later one takes it for its own. */
export const KEEP_RECOVERED = `[ ! -d ${BEFORE_RECOVER} ] || mv ${BEFORE_RECOVER} "${BEFORE_RECOVER}-$(date -u +%Y%m%dT%H%M%SZ)"
`

/** What a helper begins with: what an interrupted one of another kind has left comes to its end first. */
const BEGIN = `set -eu
cd ${ETCD_DATA}
finish_putting_back() {
  [ -d putting-back ] || return 0
  [ ! -e putting-back/member ] || mv putting-back/member member
  rmdir putting-back
}
finish_putting_back
`

/**
 * See `EtcdDataSetAside`. Each rename is one step, so that the data is whole in one of the places after a kill. A restore
 * takes the place of a recovery that was not finished.
 */
export const SET_ASIDE_SCRIPT = `${BEGIN}
${KEEP_RECOVERED}
if [ -d before-restore ]; then
  rm -rf member restoring
  exit 0
fi
mkdir -p -m 700 setting-aside
[ ! -e member ] || mv member setting-aside/member
mv setting-aside before-restore
`

/** See `EtcdDataPutBack`. */
export const PUT_BACK_SCRIPT = `${BEGIN}
if [ -d setting-aside ]; then
  [ ! -e setting-aside/member ] || mv setting-aside/member member
  rmdir setting-aside
fi
[ -d before-restore ] || exit 0
rm -rf member restoring
mv before-restore putting-back
finish_putting_back
`

/** See `EtcdDataDiscard`. After a kill nothing takes what is left for the whole. */
export const DISCARD_SCRIPT = `set -eu
cd ${ETCD_DATA}
rm -rf discarded
[ ! -d before-restore ] || mv before-restore discarded
rm -rf discarded restoring
`

/**
 * See `EtcdRestore`. Its arguments are those of `etcdctl snapshot restore`; the data is made beside its place, on the same
 * disk, and gets there by a rename.
 */
export const RESTORE_SCRIPT = `set -eu
cd ${ETCD_DATA}
rm -rf restoring member
/usr/local/bin/etcdctl snapshot restore "$@" --data-dir=${ETCD_DATA}/restoring
mv restoring/member member
rm -rf restoring
`
