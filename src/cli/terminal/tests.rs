//! Which of the option, the variables and the terminal decides.

use super::*;

fn environment(variables: Variables) -> Environment {
    let value = |name| {
        let found = variables.iter().find(|(other, _)| *other == name);
        found.map(|(_, value)| OsString::from(value))
    };
    Environment {
        no_color: value("NO_COLOR"),
        clicolor: value("CLICOLOR"),
        clicolor_force: value("CLICOLOR_FORCE"),
        term: value("TERM"),
        ci: value("CI"),
    }
}

type Variables<'a> = &'a [(&'a str, &'a str)];

/// The option, the variables, and what becomes of it on a terminal and in a pipe.
type Case<'a> = (When, Variables<'a>, [Colour; 2]);

#[test]
fn the_first_that_speaks_decides_about_colours() {
    let (auto, always, never) = (When::Auto, When::Always, When::Never);
    let by_terminal = [Colour::Ansi, Colour::Plain];
    let (ansi, plain) = ([Colour::Ansi; 2], [Colour::Plain; 2]);
    let cases: &[Case] = &[
        (auto, &[], by_terminal),
        (auto, &[("TERM", "xterm-256color")], by_terminal),
        (auto, &[("TERM", "dumb")], plain),
        (auto, &[("NO_COLOR", "1")], plain),
        (auto, &[("NO_COLOR", "0")], plain),
        (auto, &[("NO_COLOR", "")], by_terminal),
        (auto, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], plain),
        (auto, &[("NO_COLOR", ""), ("CLICOLOR_FORCE", "1")], ansi),
        (auto, &[("CLICOLOR_FORCE", "1")], ansi),
        (auto, &[("CLICOLOR_FORCE", "0")], by_terminal),
        (auto, &[("CLICOLOR_FORCE", "")], by_terminal),
        (auto, &[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")], ansi),
        (auto, &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], ansi),
        (auto, &[("CLICOLOR_FORCE", "0"), ("CLICOLOR", "0")], plain),
        (auto, &[("CLICOLOR", "0")], plain),
        (auto, &[("CLICOLOR", "1")], by_terminal),
        (auto, &[("CLICOLOR", "1"), ("TERM", "dumb")], plain),
        (always, &[], ansi),
        (always, &[("NO_COLOR", "1"), ("TERM", "dumb")], ansi),
        (always, &[("CLICOLOR", "0")], ansi),
        (never, &[], plain),
        (never, &[("CLICOLOR_FORCE", "1")], plain),
    ];
    for (when, variables, expected) in cases {
        let choice = environment(variables).choice(*when);
        let outputs = [Output::Terminal, Output::Elsewhere];
        let colours = outputs.map(|output| colour(choice, output));
        assert_eq!(colours, *expected, "{when:?} {variables:?}");
    }
}

#[test]
fn progress_is_for_those_who_look_at_a_terminal() {
    let (shown, hidden) = (Progress::Shown, Progress::Hidden);
    let (terminal, pipe) = (Output::Terminal, Output::Elsewhere);
    let cases: [(Variables, Output, Detail, Progress); 9] = [
        (&[], terminal, Detail::Normal, shown),
        (&[], terminal, Detail::Verbose, shown),
        (&[], terminal, Detail::Quiet, hidden),
        (&[], pipe, Detail::Normal, hidden),
        (&[("TERM", "dumb")], terminal, Detail::Normal, hidden),
        (&[("TERM", "xterm")], terminal, Detail::Normal, shown),
        (&[("CI", "true")], terminal, Detail::Normal, hidden),
        (&[("CI", "false")], terminal, Detail::Normal, shown),
        (&[("NO_COLOR", "1")], terminal, Detail::Normal, shown),
    ];
    for (variables, output, detail, expected) in cases {
        let progress = environment(variables).progress(output, detail);
        assert_eq!(progress, expected, "{variables:?} {output:?} {detail:?}");
    }
}

#[test]
fn the_option_is_found_before_the_command_line_is_understood() {
    let cases = [
        ("ovnlint check", When::Auto),
        ("ovnlint --color never check", When::Never),
        ("ovnlint check --color=always --no-such-flag", When::Always),
        ("ovnlint --color=never check --color=always", When::Always),
        ("ovnlint --color sometimes", When::Auto),
        ("ovnlint --colors=always", When::Auto),
        ("ovnlint check --color", When::Auto),
        ("ovnlint plan -- ls --color=always", When::Auto),
    ];
    for (line, expected) in cases {
        assert_eq!(
            asked(line.split(' ').map(OsString::from)),
            expected,
            "{line}"
        );
    }
}
