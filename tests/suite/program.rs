//! Operators' real command lines of the programs besides `ovs-vsctl` and `ovn-nbctl`, where they lie beside the project.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use ovnlint::change::program::{Act, acts};
use ovnlint::read::script;
use ovnlint::source::FileId;

const COMMANDS: &str = "../shared/corpus/commands.tsv";

#[test]
fn most_commands_of_operators_are_predicted() {
    if !Path::new(COMMANDS).is_file() {
        let _ = writeln!(std::io::stderr(), "skipped: {COMMANDS} is not here");
        return;
    }
    let table = fs::read_to_string(COMMANDS).expect("it can be read");
    let (mut all, mut predicted, mut unknown) = (0, 0, 0);
    for line in table.lines().skip(1) {
        let command = line
            .split('\t')
            .nth(1)
            .expect("the second column is the command");
        for command in script::read(FileId(0), command).commands {
            let program = command.words.first().map_or("", |word| word.text.as_str());
            let program = program.rsplit('/').next().unwrap_or_default();
            if matches!(program, "ovs-vsctl" | "ovn-nbctl") {
                continue;
            }
            let done = acts(&command.words);
            if command.words.iter().any(|word| word.unknown.is_some()) {
                unknown += 1;
                continue;
            }
            all += 1;
            let fails = |act: &Act| matches!(act, Act::Unpredicted(_) | Act::Invalid(_));
            match done.iter().find(|act| fails(act)) {
                None => predicted += 1,
                Some(act) => {
                    let words: Vec<&str> = command
                        .words
                        .iter()
                        .map(|word| word.text.as_str())
                        .collect();
                    println!("{act:?}: {}", words.join(" "));
                }
            }
        }
    }
    println!("{predicted} of {all} predicted; {unknown} hold words that are not known");
    // Four of the lines are prose that only begins with the name of a program, and are refused as they should be.
    assert!(predicted * 10 >= all * 7, "{predicted} of {all}");
}
