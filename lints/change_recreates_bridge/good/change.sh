# physnet1 moves to a faster card.
ssh os-network ovs-vsctl del-port br-ex enp8s0 -- add-port br-ex enp9s0
