import { BEFORE_RECOVER, ETCD_DATA, KEEP_RECOVERED } from './etcd-data-scripts.ts'

/**
 * Says what a member's data directory holds, in lines `word value`; its argument is how the database is read:
 * `file` (etcd does not run), `copy` (a running etcd locks it), `none`. Writes nothing into the directory. Of a symbolic link
 * only that it is one: what it leads to is not in the container.
 */
export const READ_DATA_SCRIPT = `set -u
way=$1
[ ! -L /host/etcd ] || { echo 'link yes'; exit 0; }
cd /host/etcd 2>/dev/null || exit 0
[ ! -d ${BEFORE_RECOVER}/member ] || echo 'aside yes'
[ ! -f before-restore/restore ] || echo "restore $(cat before-restore/restore)"
[ ! -d before-restore/member ] || echo 'before yes'
for moving in setting-aside putting-back; do [ ! -d $moving/member ] || echo 'moving yes'; done
for kept in ${BEFORE_RECOVER}-*; do [ ! -d "$kept" ] || echo "kept $kept"; done
echo "free $(df -Pk . | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)"
[ -d member ] || exit 0
echo "size $(du -sk member | cut -f 1)"
damaged() { echo "damage $1"; exit 0; }
ls member/wal/*.wal >/dev/null 2>&1 || damaged 'its log (member/wal) is missing'
[ -s member/snap/db ] || damaged 'its database (member/snap/db) is missing or empty'
db=member/snap/db
case $way in
none) exit 0 ;;
copy) cp "$db" /tmp/db || damaged 'its database cannot be copied'; db=/tmp/db ;;
esac
command -v etcdctl >/dev/null || exit 0
if status=$(ETCDCTL_API=3 timeout 240 etcdctl snapshot status "$db" -w json 2>/tmp/said); then
  echo "status $status"
else
  damaged "its database cannot be read: $(tail -n 1 /tmp/said | cut -c 1-300)"
fi
`

/** What the others begin with. */
const BEGIN = `set -eu
cd ${ETCD_DATA}
`

/**
 * Copies the data to \`before-recover/member\`, whole or not at all; a copy that is there is that of a run that was
 * interrupted, and stays. Fails where the disk has no room for it.
 */
export const COPY_DATA_SCRIPT = `${BEGIN}
[ ! -d ${BEFORE_RECOVER}/member ] || exit 0
rm -rf ${BEFORE_RECOVER} ${BEFORE_RECOVER}.partial
need=$(du -sk member | cut -f 1)
free=$(df -Pk . | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)
if [ $((need + 65536)) -gt "$free" ]; then
  echo "the copy takes $((need / 1024 + 64)) MiB, and the disk has $((free / 1024)) MiB free" >&2
  exit 1
fi
mkdir -m 700 ${BEFORE_RECOVER}.partial
cp -a member ${BEFORE_RECOVER}.partial/member
sync
mv ${BEFORE_RECOVER}.partial ${BEFORE_RECOVER}
`

/** Moves the data to \`before-recover/member\`. Where that is there already, \`member\` was made by an interrupted run. */
export const SET_DATA_ASIDE_SCRIPT = `${BEGIN}
if [ -d ${BEFORE_RECOVER}/member ]; then
  rm -rf member
elif [ -d member ]; then
  mkdir -p -m 700 ${BEFORE_RECOVER}
  mv member ${BEFORE_RECOVER}/member
fi
`

/** Says that the recovery is finished. */
export const KEEP_DATA_SCRIPT = BEGIN + KEEP_RECOVERED

/** Deletes what finished recoveries have set aside. */
export const DISCARD_DATA_SCRIPT = `${BEGIN}
rm -rf ${BEFORE_RECOVER}-*
`
