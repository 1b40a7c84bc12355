#!/bin/sh
mv /tmp/loopback /tmp/portmap /opt/cni/bin/
exec sleep infinity
