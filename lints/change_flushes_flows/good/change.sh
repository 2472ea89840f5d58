# The agent moves to of_listen_port 6640.
ssh os-network ovs-vsctl set-controller br-ex tcp:127.0.0.1:6640
