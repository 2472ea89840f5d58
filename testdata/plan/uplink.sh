ovs-vsctl list-ports br-ex
ovs-vsctl add-port br-ex bond9 tag=5 -- set port bond9 trunks=5,6,7 -- del-port enp6s18
ovs-vsctl set-fail-mode br-ex secure
ovs-vsctl set interface genev options:remote_ip=192.0.2.1
