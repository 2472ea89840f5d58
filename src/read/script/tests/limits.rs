//! Hostile and very long texts.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::script;
use crate::read::script::run::{MAX_COMMANDS, MAX_EFFORT, MAX_GIVEN, Run};
use crate::read::script::unit::Unit;
use crate::read::script::{Script, Word, read_named};
use crate::source::{FileId, Place};

#[test]
fn a_script_that_does_too_much_is_cut_and_says_so() {
    let text = "for a in {1..1000}; do for b in {1..1000}; do ovs-vsctl add-br b$a-$b; done; done";
    let script = script(text);
    assert_eq!(script.commands.len(), 100_001);
    let last = script.commands.last().unwrap();
    assert!(last.words[0].unknown.is_some());
    assert_eq!(script.commands[99_999].words[2].text, "b100-1000");
}

#[test]
fn a_function_that_calls_itself_is_told_of_once() {
    let script = script("f() { f; f; }; f");
    let told: Vec<&str> = script
        .commands
        .iter()
        .filter_map(|command| Some(&command.words[0].unknown.as_ref()?.1[..]))
        .collect();
    assert_eq!(told.len(), script.commands.len());
    assert_eq!(
        told.iter().filter(|why| why.contains("too deep")).count(),
        2
    );
    assert!(told.len() <= 3, "{told:?}");
}

#[test]
fn a_command_of_too_many_words_is_not_followed() {
    let text = format!("ovs-vsctl set open .{}", " external_ids:k=v".repeat(50_000));
    let script = script(&text);
    assert_eq!(script.commands.len(), 1);
    let (_, why) = script.commands[0].words[0].unknown.as_ref().unwrap();
    assert_eq!(why, "a command of more than 50000 words is not followed");
}

/// What it takes to read a script.
fn effort(text: &str) -> u64 {
    let mut run = Run::new(FileId(0));
    run.start(text).unwrap();
    run.script(&Unit::whole(text, 0));
    assert!(run.script.commands.len() <= MAX_COMMANDS + 1);
    run.effort
}

#[test]
fn twice_as_many_commands_take_twice_as_much() {
    let of = |count: usize| {
        let mut text = String::new();
        for number in 0..count {
            let line = "ovs-vsctl add-port br-ex \"eth";
            writeln!(
                text,
                "{line}{number:05}\" -- set Port eth{number:05} tag=$TAG"
            )
            .unwrap();
        }
        effort(&text)
    };
    assert_eq!(of(10_000), 2 * of(5_000));
}

#[test]
fn a_long_value_that_is_used_often_is_cut_and_says_so() {
    let text = format!(
        "a={}\n{}",
        "x".repeat(60_000),
        "ovs-vsctl set open . external_ids:a=$a\n".repeat(1000)
    );
    let script = script(&text);
    let given: usize = script
        .commands
        .iter()
        .flat_map(|command| &command.words)
        .map(|word| word.text.len())
        .sum();
    assert!(given < MAX_GIVEN + text.len() + 2 * 60_000, "{given}");
    let last = script.commands.last().unwrap();
    let (_, why) = last.words[0].unknown.as_ref().unwrap();
    assert_eq!(why, "the script does too much to be followed from here on");
}

#[test]
fn nothing_grows_without_bounds() {
    let texts = [
        "f() { f; f; }; f".to_owned(),
        format!(
            "x=aaaaaaaaaaaaaaaa\n{}ovs-vsctl add-br $x",
            "x=$x$x\n".repeat(64)
        ),
        format!("ovs-vsctl {}", "{a,b}".repeat(64)),
        format!("ovs-vsctl {}", "{1..4000}".repeat(2000)),
        "$(".repeat(25_000),
        "\"$(".repeat(25_000),
        "(".repeat(25_000),
        "((".repeat(25_000),
        "{ ".repeat(25_000),
        "`\\`".repeat(12_000),
        "${a:-".repeat(25_000),
        "if ".repeat(25_000),
        "'\n\"".repeat(25_000),
        "<<a ".repeat(5_000),
        "{".repeat(25_000),
        "[".repeat(25_000),
        "case x in ".repeat(12_000),
        "a && ".repeat(25_000),
        "a | ".repeat(25_000),
        format!("{}ovs-vsctl add-br $x", "x=1 && ".repeat(5_000)),
        format!("eval {} x", "eval ".repeat(5_000)),
        format!("{} ovs-vsctl show", "sudo ".repeat(5_000)),
        format!("if a; then b; {} fi", "elif c; then d; ".repeat(5_000)),
        format!("{}{}", "while a; do ".repeat(40), "b; done; ".repeat(40)),
        format!(
            "set -- {}; for i in {{1..3000}}; do shift; done",
            "a ".repeat(5_000)
        ),
        "bash -c 'ovs-vsctl show; ' ".repeat(5_000),
        format!("{}trap 'ovs-vsctl show' EXIT", "trap ".repeat(5_000)),
        nested("$(", ")", 15),
        nested("echo \"${a:-$(", ")}\"", 10),
        nested("{ ", "; }", 31),
        nested("if a; then ", "; fi", 31),
        nested("(", ")", 31),
        nested("for i in a; do ", "; done", 31),
        format!(
            "f() {{ eval '{}'; f; }}; f",
            nested("if a; then ", "; fi", 31)
        ),
        format!(
            "f() {{ if a; then ssh n 'f() {{ ovs-vsctl show; }}; {}'; f; fi; }}; f",
            nested("( ", ")", 31)
        ),
    ];
    for text in texts {
        within_bounds(&text);
    }
    let documents = [
        ("- ", "x.yml"),
        ("a:\n ", "x.yml"),
        ("[", "x.yml"),
        ("shell: {{", "x.yml"),
        ("```\n$ a\n", "x.md"),
    ];
    for (unit, name) in documents {
        let script = read_named(FileId(0), name, &unit.repeat(12_000));
        assert!(script.commands.len() <= MAX_COMMANDS + 1, "{unit:?}");
    }
}

fn nested(open: &str, close: &str, levels: usize) -> String {
    let inner = "ovs-vsctl show";
    format!("{}{inner}{}", open.repeat(levels), close.repeat(levels))
}

/// What goes beyond the bound is at most what one command, or one text that is parsed again, takes.
fn within_bounds(text: &str) {
    let effort = effort(text);
    let shown: String = text.chars().take(40).collect();
    let most = MAX_EFFORT + 64 * text.len() as u64 + (1 << 20);
    assert!(effort <= most, "{shown}: {effort}");
}

/// Every place lies in the text, on whole characters.
fn assert_places(script: &Script, text: &str) {
    let check = |place: &Place| {
        assert!(
            text.get(place.span.range()).is_some(),
            "{place:?} in {text:?}"
        );
    };
    let word = |word: &Word| {
        check(&word.place);
        if let Some((place, _)) = &word.unknown {
            check(place);
        }
        // What was written in one piece stands there.
        if word.pieces.len() == 1
            && text.get(word.part(0..word.text.len()).span.range()) == Some(&word.text)
        {
            assert!(
                text[word.place.span.range()].contains(&word.text),
                "{word:?} in {text:?}"
            );
        }
        for (at, c) in word.text.char_indices() {
            check(&word.part(at..at + c.len_utf8()));
            check(&word.part(0..at));
        }
    };
    for trouble in &script.troubles {
        check(&trouble.place);
    }
    for command in &script.commands {
        check(&command.place);
        for through in &command.through {
            check(&through.place);
        }
        command.target.iter().chain(&command.words).for_each(word);
    }
}

/// Texts made of what means something to a shell.
fn shellish() -> impl Strategy<Value = String> {
    let tokens = [
        "ovs-vsctl ",
        "add-br ",
        "ovn-nbctl ",
        "ssh n1 ",
        "sudo ",
        "bash -c ",
        "eval ",
        "docker exec c ",
        "if ",
        "then ",
        "else ",
        "fi ",
        "for i in ",
        "do ",
        "done ",
        "while ",
        "case ",
        "esac ",
        "in ",
        "f() ",
        "f ",
        "{ ",
        "} ",
        "(",
        ")",
        "'",
        "\"",
        "`",
        "$",
        "${",
        "}",
        "$(",
        "$((",
        "))",
        "\\",
        "\n",
        ";",
        ";;",
        "&",
        "&&",
        "||",
        "|",
        "<",
        "<<E\n",
        "E\n",
        ">",
        "#",
        "*",
        "[",
        "]",
        "[[ ",
        "]] ",
        "{a,b}",
        "{1..3}",
        "x=",
        "$x",
        "${x:-",
        "${x%",
        "=",
        "+=",
        "~",
        "é",
        "\u{fffc}",
        "\r\n",
        "\t",
        "-",
        "--",
        "1",
        "a",
        " ",
        "xargs ",
        "trap ",
        "set -e\n",
        "set -- ",
        "shift\n",
        "local ",
        "export ",
        "$'",
        "\\x4",
        "- ",
        "shell: ",
        "command: ",
        "loop: ",
        "item",
        "{{ ",
        " }}",
        "|\n  ",
        "```\n",
        "```bash\n",
        "$ ",
        "when: ",
    ];
    let tokens = prop::sample::select(tokens.to_vec());
    prop::collection::vec(tokens, 0..60).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        for name in ["a.sh", "a.yml", "a.md"] {
            assert_places(&read_named(FileId(0), name, &text), &text);
        }
    }

    #[test]
    fn any_shellish_text_is_read(text in shellish()) {
        for name in ["a.sh", "a.yml", "a.md"] {
            assert_places(&read_named(FileId(0), name, &text), &text);
        }
    }
}
