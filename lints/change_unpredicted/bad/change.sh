ssh os-compute ovs-vsctl set open . external_ids:ovn-monitor-all=$MONITOR_ALL
