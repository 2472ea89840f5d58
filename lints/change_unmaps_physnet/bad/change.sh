ssh os-compute ovs-vsctl set open . external_ids:ovn-bridge-mappings=physnet2:br-ex2
