//! What is in force for a file, and what is said of one that is wrong.

use std::collections::BTreeMap;

use super::{Origin, Settings};
use crate::finding::{Cap, Level};
use crate::source::{FileId, Position, Sources};

fn wrong(text: &str) -> Vec<(u32, u32, String)> {
    let wrong = Settings::of("ovnlint.toml", text).expect_err(text);
    let wrong = wrong.into_iter();
    wrong
        .map(|(at, message)| (at.line, at.column, message))
        .collect()
}

#[test]
fn without_a_file_nothing_is_tuned() {
    let settings = Settings::of("ovnlint.toml", "").expect("it is empty");
    assert_eq!(settings.fail_on, Settings::defaults().fail_on);
    assert_eq!(settings.fail_on.value, Level::Error);
    assert_eq!(settings.ruleset.value, "2026.11");
    assert_eq!(settings.tuning, Settings::defaults().tuning);
    assert!(settings.tuning.caps.is_empty() && settings.tuning.parameters.is_empty());
}

#[test]
fn what_is_set_is_in_force() {
    let text = "fail_on = \"warning\"\n\
        ruleset = \"2026.11\"\n\
        required-version = \"0.1\"\n\
        [lints.vni_ranges_oversized]\n\
        level = \"note\"\n\
        max_memory = \"2GiB\"\n\
        [lints.encap_unset]\n\
        level = \"off\"\n\
        [lints.ovs_meter_probe_broken]\n\
        fixed_versions = \"7\"\n\
        meters_warning = 9\n";
    let settings = Settings::of("ovnlint.toml", text).expect("it is right");
    assert_eq!(settings.fail_on.value, Level::Warning);
    let at = |line, column| Origin::File(Position { line, column });
    assert_eq!(
        (settings.fail_on.origin, settings.ruleset.origin),
        (at(1, 11), at(2, 11))
    );
    let caps = [
        ("encap_unset".to_owned(), Cap::Off),
        ("vni_ranges_oversized".to_owned(), Cap::AtMost(Level::Note)),
    ];
    assert_eq!(settings.tuning.caps, BTreeMap::from(caps));
    let parameters = &settings.tuning.parameters;
    assert_eq!(
        parameters["vni_ranges_oversized"]["max_memory"].as_str(),
        Some("2GiB")
    );
    let meters = &parameters["ovs_meter_probe_broken"];
    assert_eq!(meters["fixed_versions"].as_str(), Some("7"));
    assert_eq!(meters["meters_warning"].as_integer(), Some(9));
}

#[test]
fn everything_that_is_wrong_is_named_in_the_order_of_the_file() {
    let text = "fail-on = \"note\"\n\
        ruleset = \"2026.12\"\n\
        [lints.vni_range_oversized]\n\
        level = \"note\"\n\
        [lints.vni_ranges_oversized]\n\
        max_memroy = 1\n\
        max_memory = \"4Go\"\n\
        max_allowed_packet = 1.5\n\
        [lints.encap_unset]\n\
        colour = 1\n\
        [lints.ovs_meter_probe_broken]\n\
        meters_warning = \"512\"\n\
        fixed_versions = 7\n\
        [lints.file_too_large]\n\
        max_size = 0\n";
    let expected = [
        (1, 1, "unknown key `fail-on`: did you mean `fail_on`?"),
        (
            2,
            11,
            "`ruleset`: `2026.12` is not known to this version: known is `2026.11`",
        ),
        (
            3,
            8,
            "there is no lint `vni_range_oversized`: did you mean `vni_ranges_oversized`?",
        ),
        (
            6,
            1,
            "`vni_ranges_oversized` has no parameter `max_memroy`: did you mean `max_memory`?",
        ),
        (
            7,
            14,
            "`max_memory`: `4Go` is not a size: write a number with K, M, G or T (or KiB, MiB, GiB, TiB), with KB, MB, GB or TB, or plain bytes",
        ),
        (
            8,
            22,
            "`max_allowed_packet` of `vni_ranges_oversized` must be a size: a string like \"16GiB\", or a number of bytes, not a float",
        ),
        (
            10,
            1,
            "`encap_unset` has no parameter `colour`: it has `level`",
        ),
        (
            12,
            18,
            "`meters_warning` of `ovs_meter_probe_broken` must be a whole number, 0 or more, not a string: write `512`",
        ),
        (
            13,
            18,
            "`fixed_versions` of `ovs_meter_probe_broken` must be a string, not an integer: write `\"7\"`",
        ),
        (
            15,
            12,
            "`max_size` of `file_too_large` must be more than 0 bytes",
        ),
    ];
    let expected = expected.map(|(line, column, message)| (line, column, message.to_owned()));
    assert_eq!(wrong(text), expected);
}

#[test]
fn numbers_that_no_parameter_takes_are_named() {
    let of = "`meters_warning` of `ovs_meter_probe_broken` must be";
    let cases = [
        ("-1", "a whole number, 0 or more, not a number out of range"),
        ("9223372036854775808", "at most 9223372036854775807"),
        ("true", "a whole number, 0 or more, not a boolean"),
        ("\"many\"", "a whole number, 0 or more, not a string"),
    ];
    for (value, message) in cases {
        let text = format!("lints.ovs_meter_probe_broken.meters_warning = {value}");
        assert_eq!(wrong(&text), [(1, 47, format!("{of} {message}"))]);
    }
}

#[test]
fn another_version_is_all_that_is_said() {
    let text = "ruleset = \"2031.05\"\nrequired-version = \">=1.2, <3\"\n[lints.of_another_time]\n";
    let own = env!("CARGO_PKG_VERSION");
    let message = format!("this is ovnlint {own}, and `required-version` asks for `>=1.2, <3`");
    assert_eq!(wrong(text), [(2, 20, message)]);
    assert_eq!(wrong("required-version = \"soon\"\nx = 1\n").len(), 2);
}

#[test]
fn what_is_allowed_gets_its_place_among_the_sources() {
    let text = "[[allow]]\nlint = \"no_such_lint\"\n";
    let settings = Settings::of("a/ovnlint.toml", text).expect("a finding, no error");
    let mut sources = Sources::default();
    sources.add("other", "");
    let (file, allows) = settings.placed(&mut sources).expect("there is a file");
    assert_eq!(
        (file, sources.get(file).path.as_str()),
        (FileId(1), "a/ovnlint.toml")
    );
    assert_eq!(
        sources.text_at(&allows[0].lints[0].place),
        Some("\"no_such_lint\"")
    );
    assert!(Settings::defaults().placed(&mut sources).is_none());
}
