//! Every task ends in something, and what the spellings of one task say is the same.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::ops::Range;

use crate::read::script::tests::{named, shown};
use crate::read::script::{Script, Word};
use crate::read::yaml;
use crate::source::Place;

use super::modules;

/// Where each command, each harmless task and each syntax error stands.
fn told(script: &Script) -> Vec<Range<usize>> {
    let commands = script.commands.iter().map(|command| &command.place);
    let harmless = script.harmless.iter().map(|(place, _)| place);
    let troubles = script.troubles.iter().map(|trouble| &trouble.place);
    let places = commands.chain(harmless).chain(troubles);
    places.map(|place: &Place| place.span.range()).collect()
}

/// As many tasks come out as went in: something is said of each, at its own place.
fn assert_all_told(text: &str) {
    let script = named("tasks.yml", text);
    let told = told(&script);
    let read = yaml::read(text);
    for task in read.documents.iter().flat_map(|list| list.items().unwrap()) {
        let own = task.span.range();
        let is_told = told
            .iter()
            .any(|range| own.start <= range.start && range.end <= own.end);
        assert!(is_told, "{}", &text[own]);
    }
}

#[test]
fn of_every_task_something_is_said() {
    let arguments = [
        "",
        " {}",
        " ovs-vsctl show",
        " 'x'",
        " [x]",
        " {name: x}",
        " {name: x, state: stopped}",
        " name=x state=absent",
        " \"{{ x }}\"",
        " !vault x",
        " {bridge: b, port: p}",
        " {table: a, record: b, col: c, value: d}",
        " {path: /tmp/x}",
        " {dest: /etc/neutron/x}",
        " {cmd: ovs-vsctl show}",
        " {argv: []}",
        " {argv: [[x]]}",
        " 1",
        " ~",
        " {<<: {name: x}}",
    ];
    let own = [
        "my.own.module",
        "ansible.builtin.nothing",
        "win_command",
        "nmcli",
        "\"{{ x }}\"",
        "12",
    ];
    let names: Vec<&str> = modules::names().chain(own).collect();
    assert!(names.len() > 80, "{names:?}");
    for name in names {
        let mut text = String::new();
        for (index, arguments) in arguments.iter().enumerate() {
            // A shell takes any text; what is no command of ours is not looked at here.
            let is_other_command =
                matches!(name, "command" | "shell" | "raw") && matches!(index, 3 | 7 | 17);
            if !is_other_command {
                text += &format!(
                    "- {name}:{arguments}\n- {name}:{arguments}\n  loop: []\n- {name}:{arguments}\n  loop: [1]\n"
                );
            }
        }
        assert_all_told(&text);
    }
}

#[test]
fn the_spellings_of_a_task_say_the_same() {
    let spellings = [
        "- ansible.builtin.command: ovs-vsctl add-br 'a b'\n",
        "- command: {cmd: \"ovs-vsctl add-br 'a b'\"}\n",
        "- command: {argv: [ovs-vsctl, add-br, a b]}\n",
        "- command:\n  args: {cmd: \"ovs-vsctl add-br 'a b'\"}\n",
        "- action: command ovs-vsctl add-br 'a b'\n",
        "- action: {module: command, cmd: ovs-vsctl add-br \"a b\"}\n",
        "- action: {module: command ovs-vsctl add-br 'a b'}\n",
        "- action: {module: command, args: {cmd: ovs-vsctl add-br 'a b'}}\n",
        "- command: chdir=/x ovs-vsctl add-br 'a b' warn=no\n",
        "- command: \"ovs-vsctl \\\\\\n add-br 'a b'\"\n",
        "- shell: ovs-vsctl add-br \"{{ item }}\"\n  loop: [a b]\n",
        "- x: &x {k: ovs-vsctl add-br 'a b'}\n  block:\n    - command: ovs-vsctl add-br 'a b'\n",
    ];
    for text in &spellings[..11] {
        let script = named("tasks.yml", text);
        assert_eq!(script.troubles, [], "{text}");
        assert_eq!(shown(&script, text), ["ovs-vsctl add-br \"a b\""], "{text}");
    }
    let script = named("tasks.yml", spellings[11]);
    assert_eq!(script.troubles[0].message, "`x` is no attribute of a block");
}

#[test]
fn numbers_and_truth_values_are_the_texts_that_python_makes() {
    let text = "- command: {argv: [ovs-vsctl, add-br, 010, yes, 1.5, 1e3, 2026-11-30, ~]}\n";
    let script = named("tasks.yml", text);
    assert_eq!(
        shown(&script, text),
        ["ovs-vsctl add-br 8 True 1.5 1e3 <2026-11-30> \"\""]
    );
}

#[test]
fn a_block_hands_down_what_it_says() {
    let text = "\
- hosts: a:&b
  environment: {OVN_NB_DB: tcp:192.0.2.1:6641, OTHER: x}
  tasks:
    - block:
        - command: ovn-nbctl show
        - local_action: command ovn-nbctl ls-add x
        - command: ovn-nbctl ls-add {{ item.y }}
          with_items: [[{y: 1}], {y: \"{{ z }}\"}]
      when: w
      delegate_to: c
    - command: ovn-nbctl ls-add $HOME
    - command: ovn-nbctl ls-add x
      run_once: true
";
    let script = named("site.yml", text);
    assert_eq!(script.troubles, []);
    let env = "(OVN_NB_DB=tcp:192.0.2.1:6641)";
    assert_eq!(
        shown(&script, text),
        [
            format!("maybe `when`: on c: {env} ovn-nbctl show"),
            format!("maybe `when`: on localhost: {env} ovn-nbctl ls-add x"),
            format!("maybe `when`: on c: {env} ovn-nbctl ls-add 1"),
            format!("maybe `when`: on c: {env} ovn-nbctl ls-add <{{{{ item.y }}}}>"),
            format!("{env} ovn-nbctl ls-add <$HOME>"),
            format!("on <>: {env} ovn-nbctl ls-add x"),
        ]
    );
    let hosts = |word: &Option<Word>| word.as_ref().map(|word| word.text.clone());
    assert_eq!(hosts(&script.commands[4].hosts).as_deref(), Some("a:&b"));
}

#[test]
fn modules_of_open_vswitch_are_its_commands() {
    for (task, command) in [
        ("openvswitch_bridge: {bridge: b}", "--may-exist add-br b"),
        (
            "openvswitch_bridge: bridge=b parent=p vlan=7",
            "--may-exist add-br b p 7",
        ),
        (
            "openvswitch_bridge: {bridge: b, fail_mode: secure, external_ids: {k: v}}",
            "--may-exist add-br b -- set-fail-mode b secure -- br-set-external-id b k v",
        ),
        (
            "openvswitch_port: {bridge: b, port: p, tag: 010, external_ids: {k: v}}",
            "--may-exist add-port b p -- set Port p tag=8 -- set Port p external_ids:k=v",
        ),
        (
            "openvswitch_bond: {bridge: b, port: p, state: absent}",
            "--if-exists del-port b p",
        ),
        (
            "openvswitch_db: {table: t, record: ., col: c, value: v}",
            "set t . c=v",
        ),
        (
            "openvswitch_db: {table: t, record: r, col: c, key: k, value: on}",
            "set t r c:k=True",
        ),
        (
            "openvswitch_db: {table: t, record: r, col: c, key: k, value: v, state: absent}",
            "remove t r c k=v",
        ),
        (
            "openvswitch_db: {table: t, record: r, col: c, key: k, state: absent}",
            "remove t r c k",
        ),
    ] {
        let text = format!("- {task}\n");
        let script = named("tasks.yml", &text);
        assert_eq!(
            shown(&script, &text),
            [format!("ovs-vsctl {command}")],
            "{task}"
        );
    }
}
