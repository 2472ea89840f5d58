ssh os-compute ovs-vsctl set open . external_ids:ovn-bridge-mappings=physnet1:br-ex,physnet2:br-ex2
