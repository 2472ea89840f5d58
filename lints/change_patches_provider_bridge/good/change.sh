# A floating IP for an instance on os-compute, which leaves by the gateway.
ovn-nbctl lr-nat-add neutron-3e2d1c0b-9a8f-4e7d-b6c5-a4b3c2d1e0f9 dnat_and_snat 203.0.113.20 10.10.0.5
