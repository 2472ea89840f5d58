#!/usr/bin/env bash
# Makes partial/: what single commands show of os-compute1 of ovn/before, each a file of its own.
# Needs ovsdb-server, ovs-vsctl. No root, no daemon is left.
set -eu -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$PATH:/usr/sbin
work=$(mktemp -d)
export OVS_RUNDIR=$work
trap '[ ! -e "$work/pid" ] || kill "$(cat "$work/pid")"; rm -rf "$work"' EXIT

cp "$here/ovn/before/os-compute1/conf.db" "$work/conf.db"
ovsdb-server -vconsole:off -vsyslog:off --detach --no-chdir --pidfile="$work/pid" --log-file="$work/log" \
    --unixctl="$work/ctl" --remote=punix:"$work/db.sock" "$work/conf.db"
mkdir -p "$here/partial"
ovs-vsctl show > "$here/partial/show.txt"
ovs-vsctl get open . external_ids > "$here/partial/external_ids.txt"
ovs-vsctl list bridge > "$here/partial/bridges.txt"
