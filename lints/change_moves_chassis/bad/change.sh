# The nodes are known by their full names.
ssh os-compute ovs-vsctl set open . external_ids:hostname=os-compute.example.org \
    external_ids:system-id=os-compute.example.org
