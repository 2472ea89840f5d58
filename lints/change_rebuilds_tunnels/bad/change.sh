# os-compute gets provider networks: the lines of the installation guide, with its management address.
ssh os-compute ovs-vsctl set open . external_ids:ovn-encap-ip=192.0.2.13 \
    external_ids:ovn-bridge-mappings=physnet1:br-ex
