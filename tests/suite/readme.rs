//! The README shows what the program really prints.

use std::fs;
use std::process::Command;

use ovnlint::cli::catalogue::levels;
use ovnlint::lints::LINTS;
use ovnlint::read::keys::schema::Key;
use ovnlint::read::settings::schema::SETTINGS;
use ovnlint::read::topology::schema as topology;
use ovnlint::settings::Settings;

use crate::support::compare;

/// The text with what stands between two markers replaced.
fn between(text: &str, name: &str, end: &str, content: &str) -> String {
    let (open, close) = (format!("<!-- {name} -->"), format!("<!-- /{end} -->"));
    let (before, rest) = text
        .split_once(&open)
        .unwrap_or_else(|| panic!("README.md lacks {open}"));
    let (_, after) = rest
        .split_once(&close)
        .unwrap_or_else(|| panic!("README.md lacks {close}"));
    format!("{before}{open}\n\n{}\n\n{close}{after}", content.trim_end())
}

fn run(command: &str, code: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ovnlint"))
        .args(command.split(' '))
        .env("NO_COLOR", "1")
        .output()
        .expect("the program was built");
    assert_eq!(output.status.code(), Some(code), "{command}");
    format!(
        "```text\n{}```",
        String::from_utf8(output.stdout).expect("the report is text")
    )
}

fn keys(keys: &[Key]) -> String {
    let keys = keys.iter().filter(|key| !key.example.is_empty());
    let rows = keys.map(|key| {
        format!(
            "| `{}` | `{}` | {} |\n",
            key.path,
            key.example,
            key.meaning.replace('|', "\\|")
        )
    });
    format!(
        "| key | as in | meaning |\n|---|---|---|\n{}",
        rows.collect::<String>()
    )
}

fn lints() -> String {
    let rows = LINTS.iter().map(|lint| {
        format!(
            "| [`{0}`](lints/{0}/README.md) | {1} | {2} |\n",
            lint.name,
            levels(lint),
            lint.about().summary.replace('|', "\\|")
        )
    });
    format!(
        "| lint | levels | finds |\n|---|---|---|\n{}",
        rows.collect::<String>()
    )
}

#[test]
fn the_readme_is_current() {
    let text = fs::read_to_string("README.md")
        .expect("it is part of the project")
        .replace("\r\n", "\n");
    let check = "check testdata/incidents/localnet";
    let text = between(&text, &format!("run: {check}"), "run", &run(check, 1));
    let show = "show testdata/incidents/localnet --node os-network";
    let text = between(&text, &format!("run: {show}"), "run: show", &run(show, 0));
    let plan = "plan testdata/ovn/before --node os-compute1 -- ovs-vsctl del-fail-mode br-int";
    let text = between(&text, &format!("run: {plan}"), "run: plan", &run(plan, 1));
    let text = between(
        &text,
        "topology keys",
        "topology keys",
        &keys(topology::keys()),
    );
    let settings = keys(SETTINGS.keys);
    let text = between(&text, "settings keys", "settings keys", &settings);
    let text = between(&text, "lints", "lints", &lints());
    compare("README.md", &text);
}

#[test]
fn the_settings_shown_are_right() {
    let text = fs::read_to_string("README.md").expect("it is part of the project");
    let (_, section) = text
        .split_once("\n## ovnlint.toml")
        .expect("it has the section");
    let (_, example) = section.split_once("```toml").expect("it has an example");
    let (example, _) = example.split_once("```").expect("it ends");
    let settings = Settings::of("README.md", example).expect("it is right");
    assert_eq!(settings.tuning.parameters.len(), 1);
    assert_eq!(settings.file.expect("given").said.allows.len(), 1);
}
