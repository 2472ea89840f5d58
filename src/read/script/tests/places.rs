//! Where words and commands stand.

use super::{at, script};

#[test]
fn a_word_stands_with_its_quotes() {
    let text = "sudo ovs-vsctl set Bridge \"br-ex\" 'a=b,c=d' x\\ y # z\n";
    let script = script(text);
    let command = &script.commands[0];
    assert_eq!(
        at(text, &command.place),
        "sudo ovs-vsctl set Bridge \"br-ex\" 'a=b,c=d' x\\ y"
    );
    assert_eq!(at(text, &command.through[0].place), "sudo");
    let words = command.words.iter().map(|word| at(text, &word.place));
    assert_eq!(
        words.collect::<Vec<_>>(),
        [
            "ovs-vsctl",
            "set",
            "Bridge",
            "\"br-ex\"",
            "'a=b,c=d'",
            "x\\ y"
        ]
    );
    assert_eq!(at(text, &command.words[4].part(4..7)), "c=d");
    assert_eq!(at(text, &command.words[5].part(1..3)), " y");
}

#[test]
fn a_value_stands_where_it_is_used() {
    let text = "M=physnet1:br-ex; ovs-vsctl set open . external_ids:a=\"x,$M\"";
    let script = script(text);
    let word = &script.commands[0].words[4];
    assert_eq!(word.text, "external_ids:a=x,physnet1:br-ex");
    let value = word.text.find("br-ex").unwrap();
    assert_eq!(at(text, &word.part(value..value + 5)), "$M");
    assert_eq!(at(text, &word.part(15..16)), "x");
}

#[test]
fn a_word_in_a_quoted_command_stands_in_the_file() {
    let text = "BR=b; ssh n1 \"ovs-vsctl add-port $BR \\\"eth 1\\\" -- set Interface 'eth1' mtu_request=9000\"";
    let script = script(text);
    let command = &script.commands[0];
    assert_eq!(at(text, &command.target.as_ref().unwrap().place), "n1");
    let words = command.words.iter().map(|word| at(text, &word.place));
    assert_eq!(
        words.collect::<Vec<_>>(),
        [
            "ovs-vsctl",
            "add-port",
            "$BR",
            "\"eth 1\\\"",
            "--",
            "set",
            "Interface",
            "'eth1'",
            "mtu_request=9000"
        ]
    );
    assert_eq!(command.words[3].text, "eth 1");
    assert_eq!(at(text, &command.words[3].part(0..5)), "eth 1");
}
