ssh os-compute ovs-vsctl add open . external_ids ovn-monitor-all=false
ssh os-compute ovs-vsctl set bridge br-ex protocols=OpenFlow13,OpenFlow15
ssh os-compute ovs-vsctl set bridge br-int fail_mode=secure
