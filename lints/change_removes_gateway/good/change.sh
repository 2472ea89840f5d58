ssh os-network3 ovs-vsctl set open . external_ids:ovn-cms-options=enable-chassis-as-gw
ssh os-network1 ovs-vsctl remove open . external_ids ovn-cms-options
