for node in os-network os-compute; do
    ssh $node ovs-vsctl add-br br-ex -- add-port br-ex enp6s18
    ssh $node ovs-vsctl set open . external_ids:ovn-bridge-mappings=physnet1:br-ex
done
