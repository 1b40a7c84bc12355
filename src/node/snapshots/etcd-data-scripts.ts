/** Where helper containers see the data directory of etcd, as etcd's own does. */
export const ETCD_DATA = '/var/lib/rancher/etcd'

/** Inside the data directory: what was there before a restore that is not done, in `member`, and which one, in `restore`. */
export const BEFORE_RESTORE = 'before-restore'

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
  rm -rf putting-back
}
finish_putting_back
is_ours() { [ -d before-restore ] && [ "$(cat before-restore/restore 2>/dev/null || true)" = "$1" ]; }
`

/**
 * See `EtcdDataSetAside`; `$1` is the restore. Each rename is one step, so that the data is whole in one of the places after a
 * kill. A restore takes the place of a recovery that was not finished.
 */
export const SET_ASIDE_SCRIPT = `${BEGIN}
${KEEP_RECOVERED}
if is_ours "$1"; then
  rm -rf member restoring
  exit 0
fi
[ ! -d before-restore ] || mv before-restore "before-restore-$(date -u +%Y%m%dT%H%M%SZ)"
mkdir -p -m 700 setting-aside
printf %s "$1" > setting-aside/restore
[ ! -e member ] || mv member setting-aside/member
mv setting-aside before-restore
`

/** See `EtcdDataPutBack`; `$1` is the restore. */
export const PUT_BACK_SCRIPT = `${BEGIN}
if [ -d setting-aside ]; then
  [ ! -e setting-aside/member ] || mv setting-aside/member member
  rm -rf setting-aside
fi
is_ours "$1" || exit 0
rm -rf member restoring
mv before-restore putting-back
finish_putting_back
`

/** See `EtcdDataDiscard`; `$1` is the restore. After a kill nothing takes what is left for the whole. */
export const DISCARD_SCRIPT = `${BEGIN}
rm -rf discarded
! is_ours "$1" || mv before-restore discarded
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
