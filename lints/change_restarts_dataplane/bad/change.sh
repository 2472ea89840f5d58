ssh os-compute ovs-vsctl set open . other_config:n-revalidator-threads=4
ssh os-compute ovs-vsctl set open . other_config:hw-offload=true
