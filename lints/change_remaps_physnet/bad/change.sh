# physnet1 moves to a faster card.
ssh os-network1 ovs-vsctl set open . external_ids:ovn-bridge-mappings=physnet1:br-ex2
