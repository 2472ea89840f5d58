ssh os-network1 ovs-vsctl remove open . external_ids ovn-cms-options
