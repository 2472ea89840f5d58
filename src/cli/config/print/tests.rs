//! What is printed is TOML that says the same again, and nothing that a terminal obeys.

use super::settings;
use crate::finding::Cap;
use crate::lints::LINTS;
use crate::settings::Settings;

fn printed(text: &str) -> String {
    settings(&Settings::of("ovnlint.toml", text).expect("it is right"))
}

#[test]
fn every_setting_says_where_it_comes_from() {
    let text = "ruleset = \"2026.11\"\n\
        required-version = \">=0.1\"\n\
        [lints.vni_ranges_oversized]\n\
        level = \"note\"\n\
        max_memory = \"2GiB\"\n\
        [[allow]]\n\
        lint = \"encap_unset\"\n\
        nodes = [\"lab-*\", \"x\"]\n\
        reason = \"lab\"\n\
        until = 2027-01-31\n";
    let expected = r#"fail_on = "error"           # default
ruleset = "2026.11"         # ovnlint.toml:1:11
required-version = ">=0.1"  # ovnlint.toml:2:20
"#;
    let text = printed(text);
    assert!(text.starts_with(expected), "{text}");
    let lint = r#"
[lints.vni_ranges_oversized]
level = "note"                # ovnlint.toml:4:9
max_allowed_packet = "16MiB"  # default
max_memory = "2GiB"           # ovnlint.toml:5:14
"#;
    assert!(text.contains(lint), "{text}");
    let allow = r#"
[[allow]]               # ovnlint.toml:6:1
lint = "encap_unset"    # ovnlint.toml:7:8
nodes = ["lab-*", "x"]  # ovnlint.toml:8:10
reason = "lab"          # ovnlint.toml:9:10
until = 2027-01-31      # ovnlint.toml:10:9
"#;
    assert!(text.ends_with(allow), "{text}");
}

#[test]
fn every_parameter_is_there_without_a_file() {
    let text = settings(&Settings::defaults());
    let read: toml::Table = toml::from_str(&text).expect("it is TOML");
    for lint in LINTS {
        for (name, tunable) in &lint.about().parameters {
            assert_eq!(
                read["lints"][lint.name][name], tunable.default,
                "{}",
                lint.name
            );
        }
    }
    assert!(!text.contains("level ="), "{text}");
}

#[test]
fn what_a_ruleset_switches_off_is_off() {
    let mut set = Settings::of("ovnlint.toml", "").expect("it is empty");
    set.tuning.caps.insert("encap_unset".to_owned(), Cap::Off);
    let expected = "\n[lints.encap_unset]\nlevel = \"off\"  # ruleset 2026.11\n";
    let text = settings(&set);
    assert!(text.contains(expected), "{text}");
}

#[test]
fn what_is_printed_reads_as_the_same() {
    let text = "fail_on = \"note\"\n\
        [lints.ovs_meter_probe_broken]\n\
        fixed_versions = \"a \\\"b\\\" \\\\ \\u001B[31m \\n\\u202E \\U000E0041 ##[error] é\"\n\
        [[allow]]\n\
        lint = [\"a\\n[lints.x]\", \"b\"]\n\
        subject = \"*/br-*\"\n\
        reason = \"\"\"two\nlines\"\"\"\n\
        until = \"so\\u009Bon\"\n";
    let once = printed(text);
    for hostile in ['\u{1b}', '\u{9b}', '\u{202e}', '\u{e0041}'] {
        assert!(!once.contains(hostile), "{once}");
    }
    assert!(!once.contains("##["), "{once}");
    let (first, again) = (
        Settings::of("ovnlint.toml", text).expect("it is right"),
        Settings::of("ovnlint.toml", &*once).expect("it is right as well"),
    );
    assert_eq!(
        first.tuning.parameters["ovs_meter_probe_broken"]["fixed_versions"],
        again.tuning.parameters["ovs_meter_probe_broken"]["fixed_versions"]
    );
    assert_eq!(first.fail_on.value, again.fail_on.value);
    let words = |settings: &Settings| {
        let allow = settings.file.as_ref().expect("given").said.allows[0].clone();
        let lints: Vec<String> = allow.lints.into_iter().map(|lint| lint.value).collect();
        let until = allow.until.expect("given").expect_err("no date").value;
        (
            lints,
            allow.subject.expect("given").value,
            allow.reason.expect("given").value,
            until,
        )
    };
    assert_eq!(words(&first), words(&again));
}

#[test]
fn the_path_ends_no_comment() {
    let set = Settings::of("a\nb = 1\u{1b}##[error]/ovnlint.toml", "fail_on = \"note\"");
    let text = settings(&set.expect("it is right"));
    assert!(
        text.starts_with("fail_on = \"note\"     # a\\nb = 1\\u{1b}"),
        "{text}"
    );
    assert!(!text.contains("##["), "{text}");
}
