# physnet1 moves to a faster card.
ssh os-network1 ovs-vsctl del-port br-ex enp8s0 -- del-port br-ex2 enp9s0 -- add-port br-ex enp9s0
