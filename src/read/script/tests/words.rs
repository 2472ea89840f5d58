//! Quotes, escapes, variables, braces.

use super::{commands, script};
use crate::read::script::{line, of_arguments};
use crate::source::FileId;

#[test]
fn quotes_and_escapes_are_taken_off() {
    assert_eq!(
        commands(
            r#"ovs-vsctl set Bridge 'br-ex' "other_config:a=b c" x\ y $'a\tb\x41' "" # comment"#
        ),
        ["ovs-vsctl set Bridge br-ex \"other_config:a=b c\" \"x y\" a\tbA \"\""]
    );
    assert_eq!(
        commands(
            "ovs-vsctl --may-exist \\\n    add-br br-ex \\\n  -- set-fail-mode br-ex secure\n"
        ),
        ["ovs-vsctl --may-exist add-br br-ex -- set-fail-mode br-ex secure"]
    );
    assert_eq!(
        commands("/usr/bin/ovs-vsctl show; echo ovs-vsctl show"),
        ["/usr/bin/ovs-vsctl show"]
    );
}

#[test]
fn variables_of_the_script_are_put_in() {
    let text = r#"
LS_NAME="provider net"; export BR=br-ex
readonly OPTS="--may-exist --timeout=5"
ovn-nbctl $OPTS ls-add "$LS_NAME" ${BR}2 ${NONE:-fallback} ${BR%-ex} ${LS_NAME##* } ${BR:+yes}
X=other ovn-nbctl ls-add $BR
BR+=-1; ovs-vsctl add-br $BR
"#;
    assert_eq!(
        commands(text),
        [
            "ovn-nbctl --may-exist --timeout=5 ls-add \"provider net\" br-ex2 fallback br net yes",
            "ovn-nbctl ls-add br-ex",
            "ovs-vsctl add-br br-ex-1",
        ]
    );
}

#[test]
fn what_is_not_set_is_not_known() {
    let text =
        "ovs-vsctl add-br $BR$(hostname) \"$1\" `id` $? $((1+2)) *.conf ~/x other_config:a=*\n";
    let script = script(text);
    let words = &script.commands[0].words;
    let unknown: Vec<(&str, &str)> = words
        .iter()
        .filter_map(|word| word.unknown.as_ref())
        .map(|(place, why)| (super::at(text, place), why.as_str()))
        .collect();
    assert_eq!(
        unknown,
        [
            ("$BR", "`$BR` is never set in this script"),
            ("$1", "`$1` is never set in this script"),
            ("`id`", "the output of a command"),
            ("$?", "what is known only when it runs"),
            ("$((1+2))", "a calculation"),
            ("*.conf", "a pattern of file names"),
            ("~/x", "a home directory"),
        ]
    );
    assert_eq!(words[2].text, "$BR$(hostname)");
    assert_eq!(words.last().unwrap().text, "other_config:a=*");
}

#[test]
fn braces_and_arrays_give_several_words() {
    assert_eq!(
        commands("ovs-vsctl del-br br-{ex,in}{1..2} {a} {b c} x{,y} {03..1}"),
        ["ovs-vsctl del-br br-ex1 br-ex2 br-in1 br-in2 {a} {b c} x xy 03 02 01"]
    );
    assert_eq!(
        commands(
            "B=(br-ex 'br in'); for b in \"${B[@]}\"; do ovs-vsctl del-br \"$b\"; done; ovs-vsctl add-br ${B[0]}"
        ),
        [
            "ovs-vsctl del-br br-ex",
            "ovs-vsctl del-br \"br in\"",
            "ovs-vsctl add-br br-ex"
        ]
    );
    assert_eq!(
        commands("#!/bin/sh\novs-vsctl del-br br-{a,b}\n"),
        ["ovs-vsctl del-br <br-{a,b}>"]
    );
}

#[test]
fn values_that_are_split_by_a_changed_separator_are_not_known() {
    assert_eq!(
        commands("IFS=,; X=a,b; Y=c; ovs-vsctl del-br $X $Y \"$X\""),
        ["ovs-vsctl del-br <$X> c a,b"]
    );
}

#[test]
fn arguments_are_one_command() {
    let arguments = [
        "ovs-vsctl",
        "set",
        "Bridge",
        "br ex",
        "fail_mode=secure",
        "a'b",
        "*",
        "",
    ];
    let arguments = arguments.map(str::to_owned);
    let text = line(&arguments);
    assert_eq!(
        text,
        r"ovs-vsctl set Bridge 'br ex' fail_mode=secure 'a'\''b' '*' ''"
    );
    let script = of_arguments(FileId(0), &arguments);
    let words: Vec<&str> = script.commands[0]
        .words
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    assert_eq!(words, arguments);
    assert_eq!(of_arguments(FileId(0), &[]).commands, []);
}
