# physnet1 moves to a faster card.
ssh os-network ovs-vsctl del-br br-ex
ssh os-network ovs-vsctl add-br br-ex
ssh os-network ovs-vsctl add-port br-ex enp9s0
