#!/bin/sh
# Puts the network plugins and their configuration on the node, and stays, so that the pod does.
# In: CNI_NETWORK_CONFIG, CNI_CONF_NAME; the node's folders below /host
set -eu
trap 'exit 0' TERM INT

mkdir -p /host/opt/cni/bin /host/etc/cni/net.d
for plugin in /opt/cni/bin/*; do
  # A running plugin cannot be written over, but it can be replaced.
  cp "$plugin" "/host/opt/cni/bin/.$(basename "$plugin").new"
  mv -f "/host/opt/cni/bin/.$(basename "$plugin").new" "/host/opt/cni/bin/$(basename "$plugin")"
done

conf=/host/etc/cni/net.d/${CNI_CONF_NAME:-10-flannel.conflist}
printf '%s\n' "$CNI_NETWORK_CONFIG" >"$conf.new"
mv -f "$conf.new" "$conf"
echo "installed $(ls /opt/cni/bin | tr '\n' ' ')and ${conf#/host}"

while :; do
  sleep 3600 &
  wait $!
done
