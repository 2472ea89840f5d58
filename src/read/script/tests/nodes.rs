//! What runs a command, and on which node.

use super::commands;

#[test]
fn prefixes_say_through_what() {
    let text = "
sudo -u root ovs-vsctl add-br a
docker exec -it -e X=1 openvswitch_vswitchd ovs-vsctl add-br b
kubectl -n openstack exec ovn-0 -c nb -- ovn-nbctl ls-add c
sudo ip netns exec ns1 timeout 5 ovs-vsctl add-br d
env OVN_NB_DB=tcp:192.0.2.1:6641 ovn-nbctl ls-add e
OVN_NB_DB=tcp:192.0.2.1:6641 ovn-nbctl ls-add f
nohup nice -n 5 ovs-vsctl add-br g
command -v ovs-vsctl; which ovn-nbctl; sudo systemctl restart ovn-controller
";
    assert_eq!(
        commands(text),
        [
            "(sudo -u root) ovs-vsctl add-br a",
            "(docker exec -it -e X=1 openvswitch_vswitchd) ovs-vsctl add-br b",
            "(kubectl -n openstack exec ovn-0 -c nb --) ovn-nbctl ls-add c",
            "(sudo) (ip netns exec ns1) (timeout 5) ovs-vsctl add-br d",
            "(env OVN_NB_DB=tcp:192.0.2.1:6641) ovn-nbctl --db=tcp:192.0.2.1:6641 ls-add e",
            "(OVN_NB_DB=tcp:192.0.2.1:6641) ovn-nbctl --db=tcp:192.0.2.1:6641 ls-add f",
            "(nohup) (nice -n 5) ovs-vsctl add-br g",
            "(sudo) systemctl restart ovn-controller",
        ]
    );
}

#[test]
fn ssh_names_the_node_and_its_command_is_parsed_again() {
    let text = r#"
BR=br-ex
ssh -o StrictHostKeyChecking=no root@os-compute "sudo ovs-vsctl add-br $BR && ovs-vsctl add-br \$X"
ssh os-network ovs-vsctl set Bridge br-ex "'other_config:a=b c'"
for n in n1 n2; do ssh $n 'ovs-vsctl show'; done
ssh $NODE ovs-vsctl show
docker -H tcp://n3:2375 exec c ovs-vsctl show
as hv1 ovs-vsctl add-br x
sshpass -p secret ssh -t n4 sudo su - -c "'ovs-vsctl add-br y'"
"#;
    let options = "-o StrictHostKeyChecking=no";
    assert_eq!(
        commands(text),
        [
            format!(
                "on root@os-compute: (ssh {options} root@os-compute) (sudo) ovs-vsctl add-br br-ex"
            )
            .replacen("root@", "", 1)
            .as_str(),
            &format!("if 0: on os-compute: (ssh {options} root@os-compute) ovs-vsctl add-br <$X>"),
            "on os-network: (ssh os-network) ovs-vsctl set Bridge br-ex \"other_config:a=b c\"",
            "on n1: (ssh n1) ovs-vsctl show",
            "on n2: (ssh n2) ovs-vsctl show",
            "on <$NODE>: (ssh $NODE) ovs-vsctl show",
            "on n3: (docker -H tcp://n3:2375 exec c) ovs-vsctl show",
            "on hv1: (as hv1) ovs-vsctl add-br x",
            "on n4: (sshpass) (ssh -t n4) (sudo) (su - -c) ovs-vsctl add-br y",
        ]
    );
}

#[test]
fn shells_read_what_they_are_given() {
    let text = r#"
X=1; export Y=2
bash -c 'ovs-vsctl add-br "$0$1" $X $Y' a b
ssh n1 <<'EOF'
ovs-vsctl add-br $X
EOF
sudo bash <<EOF
ovs-vsctl add-br $X
EOF
cat <<EOF
ovs-vsctl emer-reset
EOF
eval "ovs-vsctl add-br e$X"
su - root -c "ovs-vsctl add-br s"
bash <<< "ovs-vsctl add-br h"
docker exec c sh -c "ovs-vsctl add-br d"
"#;
    assert_eq!(
        commands(text),
        [
            "(bash -c) ovs-vsctl add-br <$0b> <$X> 2",
            "on n1: (ssh n1) ovs-vsctl add-br <$X>",
            "(sudo) (bash) ovs-vsctl add-br 1",
            "ovs-vsctl add-br e1",
            "(su - root -c) ovs-vsctl add-br s",
            "(bash) ovs-vsctl add-br h",
            "(docker exec c) (sh -c) ovs-vsctl add-br d",
        ]
    );
}

#[test]
fn what_cannot_be_followed_is_given_out() {
    let text = r#"
. /etc/openrc
$CMD add-br a
$SUDO ovs-vsctl add-br b
./change.sh now
curl -s http://example.org/x | bash
ovs-vsctl list-br | xargs -n1 ovs-vsctl del-br
retry 5 ovs-vsctl add-br c
pdsh -w n1,n2 "ovs-vsctl add-br d"
ssh os-network
grep ovs-vsctl /etc/motd
python3 report.py
"#;
    assert_eq!(
        commands(text),
        [
            "<.> /etc/openrc",
            "<$CMD> add-br a",
            "maybe `$SUDO`: ovs-vsctl add-br b",
            "<./change.sh> now",
            "(bash) <bash>",
            "ovs-vsctl list-br",
            "maybe `xargs`: ovs-vsctl del-br <xargs>",
            "maybe `retry`: ovs-vsctl add-br c",
            "maybe `pdsh`: ovs-vsctl add-br d",
            "on os-network: (ssh os-network) <ssh> os-network",
            "python3 report.py",
        ]
    );
}
