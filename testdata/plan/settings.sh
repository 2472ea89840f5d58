ovs-vsctl set open . external_ids:x-password=geheim external_ids:rack=r12
ovs-vsctl set-ssl /etc/openvswitch/key.pem /etc/openvswitch/cert.pem /etc/openvswitch/ca.pem
ovs-vsctl add-br br-dmz -- set bridge br-dmz other_config:hwaddr='"52:54:00:00:00:01"'
