# The nodes are known by their full names.
ssh os-compute ovs-vsctl set open . external_ids:hostname=os-compute.example.org
