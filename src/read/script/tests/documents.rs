//! Ansible tasks and Markdown.

use super::{named, shown};

#[test]
fn tasks_of_ansible_are_read() {
    let text = r#"---
- hosts: compute
  tasks:
    - name: bridge
      shell: ovs-vsctl --may-exist add-br {{ bridge }} && ovs-vsctl show   # note
    - command: "ovs-vsctl add-br br-ex"
      when: use_ex
      args:
        chdir: /tmp
    - ansible.builtin.shell: |
        set -e
        ovs-vsctl add-br a
        ovs-vsctl add-br b
      delegate_to: os-network
    - ansible.builtin.command:
        cmd: ovn-nbctl ls-add {{ item }}
      loop: [net1, "net 2"]
    - block:
        - command: >
            ovs-vsctl set Bridge br-ex
            fail_mode=secure
      when: x
    - command:
        argv: [ovs-vsctl, add-br, "br x"]
    - shell: ovs-vsctl del-br {{ item }}
      with_items: "{{ bridges }}"
    - service:
        name: ovn-controller
        state: restarted
    - openvswitch.openvswitch.openvswitch_bridge:
        bridge: br-ex
    - debug: msg="ovs-vsctl emer-reset"
    - shell: ovs-vsctl del-br gone creates=/etc/x
"#;
    let script = named("site.yml", text);
    assert_eq!(script.troubles, []);
    assert_eq!(
        shown(&script, text),
        [
            "ovs-vsctl --may-exist add-br <{{ bridge }}>",
            "if 0: ovs-vsctl show",
            "maybe `when`: ovs-vsctl add-br br-ex",
            "on os-network: ovs-vsctl add-br a",
            "if 3: on os-network: ovs-vsctl add-br b",
            "ovn-nbctl ls-add net1",
            "ovn-nbctl ls-add net 2",
            "maybe `when`: ovs-vsctl set Bridge br-ex fail_mode=secure",
            "ovs-vsctl add-br \"br x\"",
            "maybe `with_items`: ovs-vsctl del-br <{{ item }}>",
            "systemctl restart ovn-controller",
            "ovs-vsctl --may-exist add-br br-ex",
            "maybe `/etc/x`: ovs-vsctl del-br gone",
        ]
    );
}

#[test]
fn fences_of_markdown_are_read() {
    let text = "\
# Change

Run `ovs-vsctl emer-reset` never.

```bash
BR=br-ex
ovs-vsctl add-br $BR
```

```console
$ ovs-vsctl add-port $BR \\
    eth1
some output
[root@os-compute ~]# ovs-vsctl show
stack@c1:~$ ovn-nbctl show
```

```
# ovs-vsctl list-br
br-ex
ovn-nbctl ls-add net1
```

```
PHYSNET=\"physnet2\"

# the port
ovn-nbctl lsp-add ls \\
   ln-${PHYSNET}
```

```ini
ovs-vsctl = no
```
";
    let script = named("change.md", text);
    assert_eq!(script.troubles, []);
    assert_eq!(
        shown(&script, text),
        [
            "ovs-vsctl add-br br-ex",
            "ovs-vsctl add-port br-ex eth1",
            "ovs-vsctl show",
            "ovn-nbctl show",
            "ovs-vsctl list-br",
            "ovn-nbctl ls-add net1",
            "ovn-nbctl lsp-add ls ln-physnet2",
        ]
    );
}

#[test]
fn what_it_is_is_seen_from_the_text() {
    let playbook = "- hosts: all\n  tasks:\n  - shell: ovs-vsctl show\n";
    assert_eq!(shown(&named("-", playbook), playbook), ["ovs-vsctl show"]);
    let notes = "Notes\n\n```sh\novs-vsctl show\n```\n";
    assert_eq!(shown(&named("-", notes), notes), ["ovs-vsctl show"]);
    let line = "ovs-vsctl show";
    assert_eq!(shown(&named("-", line), line), ["ovs-vsctl show"]);
}
