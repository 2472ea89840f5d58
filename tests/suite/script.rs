//! Operators' real command lines, where they lie beside the project: none is passed over in silence.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use ovnlint::read::script;
use ovnlint::source::FileId;

const COMMANDS: &str = "../shared/corpus/commands.tsv";

#[test]
fn no_command_of_an_operator_is_passed_over() {
    if !Path::new(COMMANDS).is_file() {
        let _ = writeln!(std::io::stderr(), "skipped: {COMMANDS} is not here");
        return;
    }
    let table = fs::read_to_string(COMMANDS).expect("it can be read");
    let (mut read, mut broken) = (0, 0);
    for line in table.lines().skip(1) {
        let command = line
            .split('\t')
            .nth(1)
            .expect("the second column is the command");
        let script = script::read(FileId(0), command);
        read += usize::from(script.troubles.is_empty());
        broken += usize::from(!script.troubles.is_empty());
        let is_silent = script.commands.is_empty() && script.troubles.is_empty();
        assert!(!is_silent, "nothing was made of: {command}");
        // Many lines were cut out of quotes, of `if` and of `$(…)`, or hold `<placeholders>`.
        let is_plain = !command.contains(['"', '\'', '`', '(', ')', '<', ';', '|', '&']);
        assert!(!is_plain || script.troubles.is_empty(), "{command}");
    }
    println!("{read} lines read, {broken} with syntax errors");
    assert!(read > 500, "{read} of the lines were read");
}
