//! Loops over what stands in the script, sessions, Makefiles and units.

use super::{commands, named, shown};

fn of(name: &str, text: &str) -> Vec<String> {
    let script = named(name, text);
    assert_eq!(script.troubles, [], "{text}");
    shown(&script, text)
}

#[test]
fn what_the_text_tells_of_an_output_is_put_in() {
    assert_eq!(
        commands(
            "for i in $(seq 2 3); do ovs-vsctl add-br br$i; done
for i in `seq 3 -2 1`; do ovs-vsctl del-br br$i; done
ovs-vsctl add-br $(basename /etc/br-ex) $(echo a b) \"$(echo a b)\"
for i in $(seq 1 99999999); do ovs-vsctl add-br br$i; done
"
        ),
        [
            "ovs-vsctl add-br br2",
            "ovs-vsctl add-br br3",
            "ovs-vsctl del-br br3",
            "ovs-vsctl del-br br1",
            "ovs-vsctl add-br br-ex a b \"a b\"",
            "maybe `$(seq 1 99999999)`: ovs-vsctl add-br <br$i>",
        ]
    );
}

#[test]
fn a_loop_reads_the_lines_that_stand_behind_it() {
    let text = "
while read -r bridge port rest; do
  ovs-vsctl add-port $bridge $port
done <<END
br-ex eth0
  br-in  eth1 more words
END
while read b; do ovs-vsctl del-br $b; done <<< 'a b'
while read b; do ssh $b ovs-vsctl show; done <<END
n1
n2
END
until read b; do ovs-vsctl del-br never; done <<END
x
END
select b in a b; do ovs-vsctl del-br $b; done
";
    assert_eq!(
        commands(text),
        [
            "ovs-vsctl add-port br-ex eth0",
            "ovs-vsctl add-port br-in eth1",
            "ovs-vsctl del-br a b",
            "maybe `while read b; do ssh $b ovs-vsctl show; done`: on <$b>: (ssh $b) ovs-vsctl show",
            "maybe `until read b; do ovs-vsctl del-br never; done`: ovs-vsctl del-br never",
            "maybe `select b in a b; do ovs-vsctl del-br $b; done`: ovs-vsctl del-br <$b>",
        ]
    );
}

#[test]
fn prompts_name_the_node() {
    let text = "\
[root@os-network ~]# BR=br-ex
[root@os-network ~]# ovs-vsctl del-br $BR \\
> -- show
root@os-compute1:~# ovs-vsctl list-br
br-int
ovs-vsctl del-br br-int
os-compute2$ ovs-vsctl show
$ ovn-nbctl show
";
    assert_eq!(
        of("-", text),
        [
            "on os-network: ovs-vsctl del-br br-ex -- show",
            "on os-compute1: ovs-vsctl list-br",
            "<ovs-vsctl>",
            "on os-compute2: ovs-vsctl show",
            "ovn-nbctl show",
        ]
    );
}

#[test]
fn every_recipe_of_a_makefile_is_read() {
    let text = "\
BRIDGE := br-ex
NODE = $(shell ovs-vsctl get open . external_ids:hostname)
include common.mk

all: deps
\t@ovs-vsctl del-br $(BRIDGE)
\t-ovs-vsctl add-br ${OTHER}
\t@for b in a b; do ovs-vsctl del-br $$b; \\
\tdone
deps: ; kolla-ansible deploy
";
    let shell = "maybe `NODE = $(shell ovs-vsctl get open . external_ids:hostname)`";
    assert_eq!(
        of("Makefile", text),
        [
            format!("{shell}: ovs-vsctl get open . external_ids:hostname").as_str(),
            &format!("{shell}: <>"),
            "maybe `all: deps`: ovs-vsctl del-br br-ex",
            "maybe `all: deps`: ovs-vsctl add-br <${OTHER}>",
            "maybe `all: deps`: ovs-vsctl del-br a",
            "maybe `all: deps`: ovs-vsctl del-br b",
            "maybe `deps: ; kolla-ansible deploy`: kolla-ansible deploy",
        ]
    );
}

#[test]
fn the_commands_of_a_unit_are_read() {
    let text = "\
[Unit]
Description=ovs-vsctl del-br never
[Service]
ExecStartPre=-/usr/bin/ovs-vsctl --may-exist add-br br-ex ; /bin/echo done
ExecStart=@/usr/bin/ovs-vsctl vsctl del-br \\
  \"br ex\" %i
ExecStart=+/bin/sh -c 'ovs-vsctl del-br a && ovs-vsctl del-br b'
ExecStop=/usr/bin/ovs-vsctl del-br c
";
    assert_eq!(
        of("bridge.service", text),
        [
            "/usr/bin/ovs-vsctl --may-exist add-br br-ex",
            "/usr/bin/ovs-vsctl del-br \"br ex\" <%i>",
            "(/bin/sh -c) ovs-vsctl del-br a",
            "if 2: (/bin/sh -c) ovs-vsctl del-br b",
            "maybe `ExecStop=`: /usr/bin/ovs-vsctl del-br c",
        ]
    );
}
