#!/usr/bin/env bash
# Makes ovn/second-localnet: the northbound of incidents/localnet after the four commands that cut off the site.
#
# ovn/before and ovn/after were recorded on a live site of four nodes (Open vSwitch 3.1.0, OVN 23.03.1; each node a
# network namespace, br-ex with the only NIC and the management address): its databases before those commands, and
# after them, with the patch ports that the real ovn-controller had made. The databases are compacted.
# Needs ovsdb-server, ovn-nbctl. No root, no daemon is left.
set -eu -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$PATH:/usr/sbin
# The tools write their command lines into the database: they find the socket by run directory.
work=$(mktemp -d)
export OVN_RUNDIR=$work OVS_RUNDIR=$work
trap '[ ! -e "$work/pid" ] || kill "$(cat "$work/pid")"; rm -rf "$work"' EXIT

cp "$here/incidents/localnet/os-control/var/lib/ovn/ovnnb_db.db" "$work/nb.db"
ovsdb-server -vconsole:off -vsyslog:off --detach --no-chdir --pidfile="$work/pid" --log-file="$work/log" \
    --unixctl="$work/ctl" --remote=punix:"$work/ovnnb_db.sock" "$work/nb.db"
switch=$(ovn-nbctl --bare --columns=name find Logical_Switch 'external_ids:"neutron:network_name"=public')
ovn-nbctl lsp-add "$switch" ln-physnet2
ovn-nbctl lsp-set-type ln-physnet2 localnet
ovn-nbctl lsp-set-options ln-physnet2 network_name=physnet2
ovn-nbctl lsp-set-addresses ln-physnet2 unknown
mkdir -p "$here/ovn/second-localnet"
cp "$work/nb.db" "$here/ovn/second-localnet/ovnnb_db.db"
