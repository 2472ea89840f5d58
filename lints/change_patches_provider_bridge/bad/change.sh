# A floating IP for an instance on os-compute.
ovn-nbctl lr-nat-add neutron-3e2d1c0b-9a8f-4e7d-b6c5-a4b3c2d1e0f9 dnat_and_snat 203.0.113.20 10.10.0.5 \
    9a1b2c3d-0001-4000-8000-000000000001 fa:16:3e:00:00:20
