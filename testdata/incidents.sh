#!/usr/bin/env bash
# Makes the Open vSwitch and OVN state of the sites under incidents/, with the real tools.
#
# The ini files, topology.toml and host files of these sites are written by hand and are not touched. Rows get fixed
# UUIDs, so that text and JSON come out the same each time; a database log differs in its dates, and the northbound of
# "localnet" in its UUIDs too.
# Needs ovsdb-server, ovs-vsctl, ovn-nbctl and their schemas (OVS_SCHEMA, OVN_NB_SCHEMA). No root, no daemon is left.
set -eu -o pipefail

sites=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/incidents
: "${OVS_SCHEMA:=/usr/share/openvswitch/vswitch.ovsschema}"
: "${OVN_NB_SCHEMA:=/usr/share/ovn/ovn-nb.ovsschema}"
PATH=$PATH:/usr/sbin

# The tools write their command lines into the databases: they find the sockets by run directory, so that no
# path of this machine gets there.
work=$(mktemp -d)
export OVS_RUNDIR=$work OVN_RUNDIR=$work

stop() {
    local pid _
    [ -e "$work/pid" ] || return 0
    pid=$(cat "$work/pid")
    kill "$pid"
    # ovsdb-server removes its pid file when it ends.
    for _ in {1..100}; do
        [ -e "$work/pid" ] || return 0
        sleep 0.05
    done
    echo "ovsdb-server $pid does not end" >&2
    return 1
}
trap 'stop; rm -rf "$work"' EXIT

# serve SCHEMA SOCKET TABLE COLUMNS   a fresh database with its one root row
serve() {
    local name
    stop
    rm -f "$work/db"
    ovsdb-tool create "$work/db" "$1"
    name=$(ovsdb-tool db-name "$work/db")
    ovsdb-tool transact "$work/db" \
        "[\"$name\",{\"op\":\"insert\",\"table\":\"$3\",\"uuid\":\"$(uuid "$3")\",\"row\":$4}]" >/dev/null
    ovsdb-server -vconsole:off -vsyslog:off --detach --no-chdir --pidfile="$work/pid" --log-file="$work/log" \
        --unixctl="$work/ctl" --remote=punix:"$work/$2" "$work/db"
}

# uuid TABLE NAME…   the UUID of a row: the same for a site and its corrected twin
uuid() {
    local sum
    sum=$(printf '%s/' "$site" "$node" "$@" | md5sum)
    echo "${sum:0:8}-${sum:8:4}-4${sum:13:3}-a${sum:17:3}-${sum:20:12}"
}

vsctl() { ovs-vsctl --no-wait "$@" >/dev/null; }

# begin NODE OVS-VERSION   an empty Open vSwitch database, with what ovs-ctl writes at boot
begin() {
    node=$1
    serve "$OVS_SCHEMA" db.sock Open_vSwitch \
        "{\"ovs_version\":\"$2\",\"system_type\":\"ubuntu\",\"system_version\":\"$system\"}"
    vsctl set Open_vSwitch . external_ids:system-id="$node" external_ids:hostname="$node" \
        external_ids:rundir=/var/run/openvswitch
}

# bridge NAME [COLUMN=VALUE…]   with its internal port
bridge() {
    local name=$1 interface port bridge
    shift
    interface=$(uuid Interface "$name") port=$(uuid Port "$name") bridge=$(uuid Bridge "$name")
    vsctl -- --id="$interface" create Interface name="$name" type=internal \
        -- --id="$port" create Port name="$name" interfaces="$interface" \
        -- --id="$bridge" create Bridge name="$name" ports="$port" "$@" \
        -- add Open_vSwitch . bridges "$bridge"
}

# port BRIDGE NAME [COLUMN=VALUE…]   columns of the interface
port() {
    local bridge=$1 name=$2 interface port
    shift 2
    interface=$(uuid Interface "$name") port=$(uuid Port "$name")
    vsctl -- --id="$interface" create Interface name="$name" "$@" \
        -- --id="$port" create Port name="$name" interfaces="$interface" \
        -- add Bridge "$bridge" ports "$port"
}

# patch_pair BRIDGE NAME BRIDGE NAME   two ports, peers of each other
patch_pair() {
    port "$1" "$2" type=patch options:peer="$4"
    port "$3" "$4" type=patch options:peer="$2"
}

# chassis ENCAP-IP MAPPINGS [KEY=VALUE…]   registers the node with OVN
chassis() {
    local ip=$1 mappings=$2 pair
    shift 2
    vsctl set Open_vSwitch . external_ids:ovn-remote=tcp:192.0.2.11:6642 external_ids:ovn-encap-type=geneve \
        external_ids:ovn-encap-ip="$ip" external_ids:ovn-bridge-mappings="$mappings" other_config:vlan-limit=0
    for pair; do vsctl set Open_vSwitch . "external_ids:$pair"; done
}

# ovn_bridge [COLUMN=VALUE…]   br-int as ovn-controller makes it
ovn_bridge() { bridge br-int fail_mode=secure datapath_type=system other_config:disable-in-band=true "$@"; }

# geneve CHASSIS ENCAP-IP   the tunnel that ovn-controller makes to another chassis
geneve() {
    local name=ovn-${1:0:6}-0
    port br-int "$name" type=geneve options:csum=true options:key=flow options:remote_ip="$2"
    vsctl set Port "$name" external_ids:ovn-chassis-id="$1@$2"
}

# localnet_port PORT BRIDGE   the patch pair that ovn-controller makes for a localnet port
localnet_port() {
    patch_pair br-int "patch-br-int-to-$1" "$2" "patch-$1-to-br-int"
    vsctl set Port "patch-br-int-to-$1" external_ids:ovn-localnet-port="$1" \
        -- set Port "patch-$1-to-br-int" external_ids:ovn-localnet-port="$1"
}

# tap LOGICAL-PORT MAC   the interface of an instance
tap() {
    port br-int "tap${1:0:11}" external_ids:iface-id="$1" external_ids:iface-status=active \
        external_ids:attached-mac="\"$2\""
}

# agent_bridge NAME [COLUMN=VALUE…]   a bridge as neutron-openvswitch-agent leaves it
agent_bridge() {
    bridge "$1" fail_mode=secure datapath_type=system protocols=OpenFlow10,OpenFlow13,OpenFlow14 "${@:2}"
    controller "$1"
}

# controller BRIDGE   the agent's own OpenFlow controller, connected
controller() {
    local controller
    controller=$(uuid Controller "$1")
    vsctl -- --id="$controller" create Controller target='"tcp:127.0.0.1:6633"' is_connected=true role=master \
        -- set Bridge "$1" controller="$controller"
}

# vxlan LOCAL-IP REMOTE-IP   a tunnel of the OVS agent
vxlan() {
    local -a octets
    IFS=. read -r -a octets <<<"$2"
    port br-tun "$(printf 'vxlan-%02x%02x%02x%02x' "${octets[@]}")" type=vxlan options:df_default=true \
        options:in_key=flow options:out_key=flow options:local_ip="$1" options:remote_ip="$2"
}

# The forms in which the state of a node is kept. Each writes below the node's directory.
put() {
    local file=$sites/$site$twin/$node/$1
    mkdir -p "${file%/*}"
    cat >"$file"
}
save_database() {
    local file=$1
    # Stopped first: the log is whole then.
    stop
    put "$file" <"$work/db"
}
save_show() { ovs-vsctl show | put ovs/show.txt; }
save_external_ids() { ovs-vsctl get open . external_ids | put ovs/external_ids.txt; }
save_text() {
    ovs-vsctl list Open_vSwitch | put ovs/list-open_vswitch.txt
    ovs-vsctl list Bridge | put ovs/list-bridge.txt
    ovs-vsctl --columns=_uuid,name,interfaces,tag,external_ids list Port | put ovs/list-port.txt
    ovs-vsctl --columns=_uuid,name,type,options,external_ids list Interface | put ovs/list-interface.txt
    if [ -n "$(ovs-vsctl --columns=_uuid list Controller)" ]; then
        ovs-vsctl list Controller | put ovs/list-controller.txt
    fi
}
save_json() {
    local table
    for table in Open_vSwitch Bridge Port Interface; do
        ovs-vsctl --format=json list "$table" | put "ovs/list-${table,,}.json"
    done
}

corrected() { [ -n "$twin" ]; }

vni_ranges() {
    system=24.04
    begin os-control 3.5.3
    # What the OVS agent makes before it looks for br-ex, and ends.
    agent_bridge br-int
    if corrected; then
        vsctl del-br br-int
    fi
    save_database etc/openvswitch/conf.db

    begin os-network 3.5.3
    chassis 10.0.0.12 phynet2:br-ex ovn-cms-options=enable-chassis-as-gw
    ovn_bridge
    bridge br-ex
    port br-ex enp8s0
    geneve os-compute 10.0.0.13
    save_json

    begin os-compute 3.5.3
    chassis 10.0.0.13 phynet2:br-ex ovn-cms-options=enable-chassis-as-gw
    ovn_bridge
    bridge br-ex
    port br-ex enp8s0
    geneve os-network 10.0.0.12
    tap 4c1d7a52-0f3e-4b8a-8d21-6e5f90b7c314 fa:16:3e:4c:1d:7a
    save_show
    save_external_ids
}

localnet_node() { # NODE IP MAC [KEY=VALUE…]
    local name=$1 ip=$2 mac=$3 uplink=enp6s18
    shift 3
    begin "$name" 3.3.7
    chassis "$ip" physnet2:br-ex "$@"
    ovn_bridge
    if corrected; then uplink=enp7s0; fi
    # Pinned, so that a new port cannot change the address that everybody has learned.
    bridge br-ex other_config:hwaddr="\"$mac\""
    port br-ex "$uplink"
    localnet_port provnet-2e7b41c9-6a0d-4f58-9c13-d8f4a05b6e72 br-ex
}

localnet() {
    system=22.04
    localnet_node os-control 192.0.2.11 bc:24:11:5a:00:11 ovn-cms-options=enable-chassis-as-gw
    geneve os-network 192.0.2.12
    geneve os-compute 192.0.2.13
    save_show
    save_external_ids

    localnet_node os-network 192.0.2.12 bc:24:11:5a:00:12 ovn-cms-options=enable-chassis-as-gw
    geneve os-control 192.0.2.11
    geneve os-compute 192.0.2.13
    save_json

    localnet_node os-compute 192.0.2.13 bc:24:11:5a:00:13
    geneve os-control 192.0.2.11
    geneve os-network 192.0.2.12
    tap 7d90e3b1-52c6-4a1f-b8e4-0f6d2c9a7e15 fa:16:3e:7d:90:e3
    tap b05f8c64-19ad-4e37-a6d2-84c1e0f7395b fa:16:3e:b0:5f:8c
    save_database etc/openvswitch/conf.db

    localnet_northbound
}

# The northbound as Neutron keeps it, before anybody adds a port by hand.
localnet_northbound() {
    local public=neutron-d1a6f0c3-7b29-4e84-95d0-3c8e2f41ab67 private=neutron-61f2e8b4-c05a-4d97-8f36-a9e17d5c0b28
    local router=neutron-f48a2c90-3e6d-4b15-a7c8-05d9b1e63f72 provnet=provnet-2e7b41c9-6a0d-4f58-9c13-d8f4a05b6e72
    local outside=9c53e1d7-08fb-4a62-b1e9-7f04d6c2a835 inside=35b7d94e-e1c2-4068-a5f3-1d8c60fb27a9
    local instance=7d90e3b1-52c6-4a1f-b8e4-0f6d2c9a7e15 other=b05f8c64-19ad-4e37-a6d2-84c1e0f7395b
    node=os-control
    serve "$OVN_NB_SCHEMA" ovnnb_db.sock NB_Global '{"options":["map",[["max_tunid","16711680"]]]}'
    ovn-nbctl -- ls-add $public -- ls-add $private \
        -- set Logical_Switch $public other_config:mcast_snoop=false 'external_ids:"neutron:network_name"=public' \
        -- set Logical_Switch $private other_config:mcast_snoop=false 'external_ids:"neutron:network_name"=private'
    ovn-nbctl -- lsp-add $public $provnet -- lsp-set-type $provnet localnet -- lsp-set-addresses $provnet unknown \
        -- lsp-set-options $provnet network_name=physnet2 mcast_flood=false mcast_flood_reports=true
    ovn-nbctl -- lr-add $router -- set Logical_Router $router 'external_ids:"neutron:router_name"=router1' \
        -- lrp-add $router lrp-$outside fa:16:3e:9c:53:e1 198.51.100.20/24 \
        -- lrp-set-gateway-chassis lrp-$outside os-network 2 -- lrp-set-gateway-chassis lrp-$outside os-control 1 \
        -- lrp-add $router lrp-$inside fa:16:3e:35:b7:d9 10.1.0.1/24 \
        -- lr-route-add $router 0.0.0.0/0 198.51.100.1 -- lr-nat-add $router snat 198.51.100.20 10.1.0.0/24
    ovn-nbctl -- lsp-add $public $outside -- lsp-set-type $outside router -- lsp-set-addresses $outside router \
        -- lsp-set-options $outside router-port=lrp-$outside nat-addresses=router \
        -- lsp-add $private $inside -- lsp-set-type $inside router -- lsp-set-addresses $inside router \
        -- lsp-set-options $inside router-port=lrp-$inside
    ovn-nbctl -- lsp-add $public $instance -- lsp-set-addresses $instance "fa:16:3e:7d:90:e3 198.51.100.31" \
        -- lsp-set-options $instance requested-chassis=os-compute \
        -- set Logical_Switch_Port $instance 'external_ids:"neutron:device_owner"="compute:nova"' \
        -- lsp-add $private $other -- lsp-set-addresses $other "fa:16:3e:b0:5f:8c 10.1.0.7" \
        -- lsp-set-options $other requested-chassis=os-compute \
        -- set Logical_Switch_Port $other 'external_ids:"neutron:device_owner"="compute:nova"'
    save_database var/lib/ovn/ovnnb_db.db
}

openflow15() {
    system=24.04
    # No chassis: northd, the databases and the API here, block storage there.
    begin os-control 3.3.7
    save_json
    begin os-storage 3.3.7
    save_external_ids

    begin os-network 3.3.7
    chassis 10.0.0.12 physnet1:br-ex ovn-cms-options=enable-chassis-as-gw
    # The OVS agent never takes protocols back. Those of br-ex do no harm and stay in both sites.
    bridge br-ex datapath_type=system protocols=OpenFlow10,OpenFlow13,OpenFlow14
    port br-ex enp8s0
    if corrected; then
        ovn_bridge
        geneve os-compute 10.0.0.13
    else
        ovn_bridge protocols=OpenFlow10,OpenFlow13,OpenFlow14
        patch_pair br-int int-br-ex br-ex phy-br-ex
        bridge br-tun fail_mode=secure datapath_type=system protocols=OpenFlow10,OpenFlow13,OpenFlow14
        patch_pair br-int patch-tun br-tun patch-int
        vxlan 10.0.0.12 10.0.0.13
    fi
    save_text

    begin os-compute 3.3.7
    chassis 10.0.0.13 physnet1:br-ex ovn-cms-options=enable-chassis-as-gw
    ovn_bridge
    bridge br-ex
    port br-ex enp8s0
    geneve os-network 10.0.0.12
    tap e3a95c07-b82d-4f61-9d4e-67c0f15a8b92 fa:16:3e:e3:a9:5c
    save_database etc/openvswitch/conf.db
}

agent_node() { # NODE IP PEER…
    local name=$1 ip=$2 peer
    shift 2
    begin "$name" 3.1.7
    agent_bridge br-int
    agent_bridge br-tun
    patch_pair br-int patch-tun br-tun patch-int
    for peer; do vxlan "$ip" "$peer"; done
}

fail_mode() {
    system=22.04
    agent_node os-network 10.0.0.12 10.0.0.13 10.0.0.14
    agent_bridge br-ex
    port br-ex enp8s0
    patch_pair br-int int-br-ex br-ex phy-br-ex
    save_database etc/openvswitch/conf.db

    agent_node os-compute1 10.0.0.13 10.0.0.12 10.0.0.14
    if corrected; then
        agent_bridge br-ex
        patch_pair br-int int-br-ex br-ex phy-br-ex
    else
        # Made again by hand while the agent was stopped.
        bridge br-ex
        port br-int int-br-ex type=patch options:peer=phy-br-ex
    fi
    port br-ex enp8s0
    tap 18d6b2f4-a97c-4035-8e1b-c2f05d7e6a49 fa:16:3e:18:d6:b2
    vsctl set Port tap18d6b2f4-a9 tag=1
    save_text

    agent_node os-compute2 10.0.0.14 10.0.0.12 10.0.0.13
    agent_bridge br-ex
    port br-ex enp8s0
    patch_pair br-int int-br-ex br-ex phy-br-ex
    save_show
    save_external_ids
}

meters() {
    local version=2.17.9
    system=22.04
    if corrected; then version=3.3.7; fi
    begin os-network $version
    chassis 10.0.0.12 physnet1:br-ex ovn-cms-options=enable-chassis-as-gw
    ovn_bridge
    bridge br-ex
    port br-ex enp8s0
    geneve os-compute 10.0.0.13
    save_show
    save_external_ids

    begin os-compute $version
    chassis 10.0.0.13 physnet1:br-ex ovn-cms-options=enable-chassis-as-gw
    ovn_bridge
    bridge br-ex
    port br-ex enp8s0
    geneve os-network 10.0.0.12
    tap 5f1e0000-7c1d-4b6a-9e2f-000000000000 fa:16:3e:5f:1e:00
    save_database etc/openvswitch/conf.db

    meters_northbound
}

# 550 instance ports, each with a limit in both directions: 1,100 rules, a meter each.
meters_northbound() {
    local switch=neutron-a86d13f7-40be-4c59-b7e2-f91c05d8634a rules='' port rule create=() i
    node=os-control
    serve "$OVN_NB_SCHEMA" ovnnb_db.sock NB_Global '{}'
    for i in {0..549}; do
        printf -v port '5f1e%04x-7c1d-4b6a-9e2f-%012x' "$i" "$i"
        printf -v rule 'c3a0%04x-91e4-4d27-8b05-%012x' "$i" "$i"
        create+=(-- "--id=$rule" create QoS direction=from-lport priority=2002
            "match=\"inport == \\\"$port\\\"\"" bandwidth:rate=100000 bandwidth:burst=80000)
        rules+=,$rule
        printf -v rule 'c3a1%04x-91e4-4d27-8b05-%012x' "$i" "$i"
        create+=(-- "--id=$rule" create QoS direction=to-lport priority=2002
            "match=\"outport == \\\"$port\\\"\"" bandwidth:rate=100000 bandwidth:burst=80000)
        rules+=,$rule
    done
    ovn-nbctl ls-add $switch "${create[@]}" -- set Logical_Switch $switch "qos_rules=[${rules#,}]" >/dev/null
    # As JSON: a compacted database is half as large again.
    ovn-nbctl --format=json --columns=_uuid,bandwidth,direction,match,priority list QoS | put ovn/list-qos.json
}

for twin in '' -corrected; do
    for site in vni-ranges localnet openflow15 fail-mode meters; do
        "${site//-/_}"
    done
done
