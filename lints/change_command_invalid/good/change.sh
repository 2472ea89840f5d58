ssh os-compute ovs-vsctl set open . external_ids:ovn-monitor-all=false -- set bridge br-ex other_config:mac-table-size=8192
