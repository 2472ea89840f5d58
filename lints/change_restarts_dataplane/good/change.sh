ssh os-compute ovs-vsctl set open . other_config:max-revalidator=1000
