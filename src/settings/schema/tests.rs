//! The JSON Schema and the reader agree.

use serde_json::Value;

use super::json_schema;
use crate::lints::LINTS;
use crate::read::keys::schema::Kind;
use crate::read::keys::validation::validated;
use crate::read::settings::schema::SETTINGS;
use crate::settings::Settings;

/// As editors hand a file to a validator: dates are strings.
fn json(text: &str) -> Value {
    fn plain(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(date) => date.to_string().into(),
            toml::Value::Array(items) => items.into_iter().map(plain).collect(),
            toml::Value::Table(table) => {
                let entries = table.into_iter();
                Value::Object(entries.map(|(name, value)| (name, plain(value))).collect())
            }
            other => serde_json::to_value(other).expect("no infinities"),
        }
    }
    plain(toml::Value::Table(toml::from_str(text).expect(text)))
}

const ACCEPTED: &[&str] = &[
    "",
    "fail_on = \"note\"",
    "ruleset = \"2026.11\"",
    "required-version = \">=0.1\"",
    "[lints.encap_unset]",
    "lints.encap_unset.level = \"off\"",
    "lints.vni_ranges_oversized = { level = \"error\", max_memory = \"4GiB\", max_allowed_packet = 16777216 }",
    "lints.ovs_meter_probe_broken.meters_warning = 0",
    "lints.ovs_meter_probe_broken.fixed_versions = \"5\"",
    "allow = []",
    "[[allow]]\nlint = \"encap_unset\"\nreason = \"lab\"",
    "[[allow]]\nlint = [\"encap_unset\", \"encap_invalid\"]\nnodes = [\"lab-*\"]\nsubject = \"*\"\nreason = \"lab\"\nuntil = 2027-01-31",
];

const REFUSED: &[&str] = &[
    "fail-on = \"note\"",
    "fail_on = \"off\"",
    "fail_on = 1",
    "ruleset = \"2020.01\"",
    "ruleset = 2026.11",
    "required-version = 1",
    "lints = []",
    "lints.encap_unset = \"off\"",
    "lints.encap_unset.level = \"none\"",
    "lints.encap_unset.max_memory = \"4GiB\"",
    "lints.encap_unsett.level = \"off\"",
    "lints.vni_ranges_oversized.max_memory = \"4Go\"",
    "lints.vni_ranges_oversized.max_memory = 0",
    "lints.vni_ranges_oversized.max_memory = true",
    "lints.ovs_meter_probe_broken.meters_warning = \"512\"",
    "lints.ovs_meter_probe_broken.meters_warning = -1",
    "lints.ovs_meter_probe_broken.fixed_versions = 5",
    "[allow]\nlint = \"encap_unset\"",
    "[[allow]]\nreason = \"lab\"",
    "[[allow]]\nlint = []\nreason = \"lab\"",
    "[[allow]]\nlint = 7\nreason = \"lab\"",
    "[[allow]]\nlint = \"encap_unset\"\nreason = 1",
    "[[allow]]\nlint = \"encap_unset\"\nreason = \"lab\"\nnodes = \"lab-*\"",
    "[[allow]]\nlint = \"encap_unset\"\nreason = \"lab\"\nuntil = 2027",
    "[[allow]]\nlint = \"encap_unset\"\nreason = \"lab\"\nends = 2027-01-31",
];

/// What the file may say, but what is a finding: editors mark it, the reader does not.
const FOUND: &[&str] = &[
    "[[allow]]\nlint = \"encap_unset\"",
    "[[allow]]\nlint = \"encap_unsett\"\nreason = \"lab\"",
    "[[allow]]\nlint = \"encap_unset\"\nreason = \"lab\"\nuntil = \"soon\"",
];

#[test]
fn the_schema_accepts_what_the_reader_accepts() {
    let texts: Vec<&str> = [ACCEPTED, REFUSED, FOUND].concat();
    for (at, text) in texts.iter().enumerate() {
        let refused = (ACCEPTED.len()..ACCEPTED.len() + REFUSED.len()).contains(&at);
        assert_eq!(
            Settings::of("ovnlint.toml", *text).is_err(),
            refused,
            "{text}"
        );
    }
    let documents: Vec<_> = texts.iter().map(|text| json(text)).collect();
    let Some(verdicts) = validated(&json_schema(), &documents) else {
        return;
    };
    assert_eq!(verdicts.len(), texts.len());
    for (at, (text, accepted)) in texts.iter().zip(verdicts).enumerate() {
        assert_eq!(accepted, at < ACCEPTED.len(), "{text}");
    }
}

#[test]
fn the_schema_has_every_lint_with_what_can_be_set_of_it() {
    let schema = json_schema();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(schema["properties"]["ruleset"]["enum"][0], "2026.11");
    let lints = &schema["properties"]["lints"]["properties"];
    let names = &schema["properties"]["allow"]["items"]["properties"]["lint"]["anyOf"][0]["enum"];
    for (at, lint) in LINTS.iter().enumerate() {
        assert_eq!(lints[lint.name]["description"], lint.about().summary);
        assert_eq!(names[at], lint.name);
        for (name, tunable) in &lint.about().parameters {
            let parameter = &lints[lint.name]["properties"][name];
            assert_eq!(parameter["description"], tunable.meaning, "{}", lint.name);
        }
    }
    let level = &lints["vni_ranges_oversized"]["properties"]["level"];
    assert_eq!(level["enum"].as_array().expect("words").len(), 4);
    let size = &lints["vni_ranges_oversized"]["properties"]["max_memory"];
    assert_eq!(size["default"], "4GiB");
}

#[test]
fn every_key_reads_its_example() {
    for key in SETTINGS.keys.iter().filter(|key| !key.example.is_empty()) {
        let text = match key.path.strip_prefix("allow.") {
            Some("lint") => format!("[[allow]]\nlint = {}", key.example),
            Some(name) => format!("[[allow]]\nlint = \"a\"\n{name} = {}", key.example),
            None => {
                let path = key.path.replace("<lint>", "vni_ranges_oversized");
                format!(
                    "{} = {}",
                    path.replace("<parameter>", "max_memory"),
                    key.example
                )
            }
        };
        assert!(Settings::of("ovnlint.toml", &*text).is_ok(), "{text}");
    }
    let tables = |kind: Kind| matches!(kind, Kind::Table | Kind::Tables);
    assert!(
        SETTINGS
            .keys
            .iter()
            .all(|key| tables(key.kind) == key.example.is_empty())
    );
}
