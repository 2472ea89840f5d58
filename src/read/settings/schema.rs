//! Every key of `ovnlint.toml`: the one table behind the reader, the JSON Schema and the README.

use crate::read::keys::schema::{Form, Key, Keys, Kind, table};

/// The file.
pub const SETTINGS: Keys = Keys {
    title: "ovnlint.toml",
    entries: ("lints", "lint"),
    keys: KEYS,
};

const KEYS: &[Key] = &[
    Key {
        path: "fail_on",
        kind: Kind::Text(Form::Choice(&["error", "warning", "note"])),
        meaning: "The lowest level of a finding that makes the exit code 1; `--fail-on` goes before it. Default: `error`.",
        example: "\"warning\"",
    },
    Key {
        path: "ruleset",
        kind: Kind::Text(Form::Ruleset),
        meaning: "Freezes which lints are on: lints that came later are off, but those with a `level` of their own. Default: the newest.",
        example: "\"2026.11\"",
    },
    Key {
        path: "required-version",
        kind: Kind::Text(Form::Requirement),
        meaning: "The versions of ovnlint that may run, as Cargo writes a requirement; others end with exit code 2.",
        example: "\">=0.1, <0.3\"",
    },
    Key {
        path: "exclude",
        kind: Kind::List(Form::Pattern),
        meaning: "What below a PATH is not read, in patterns as a `.gitignore` beside this file has them; of a site before a change as well. Default: nothing.",
        example: "[\"lab/\", \"*.generated.ini\"]",
    },
    table("lints", "What is set of lints, by name."),
    table("lints.<lint>", "One lint."),
    Key {
        path: "lints.<lint>.level",
        kind: Kind::Text(Form::Choice(&["error", "warning", "note", "off"])),
        meaning: "The most that the lint may say: findings of a higher level are lowered to it. `off` switches the lint off.",
        example: "\"warning\"",
    },
    Key {
        path: "lints.<lint>.<parameter>",
        kind: Kind::Any,
        meaning: "A parameter of the lint: a number, a size or a text, as its page says.",
        example: "\"4GiB\"",
    },
    Key {
        path: "allow",
        kind: Kind::Tables,
        meaning: "Findings that are allowed, for a reason.",
        example: "",
    },
    Key {
        path: "allow.lint",
        kind: Kind::Words(Form::Lint),
        meaning: "The lint, or a list of them.",
        example: "\"management_on_provider_bridge\"",
    },
    Key {
        path: "allow.nodes",
        kind: Kind::List(Form::Glob),
        meaning: "Globs of the names of nodes. Default: every node.",
        example: "[\"lab-*\"]",
    },
    Key {
        path: "allow.subject",
        kind: Kind::Text(Form::Glob),
        meaning: "Glob of what the finding is about, as the JSON report has it. Default: everything.",
        example: "\"*/br-ex\"",
    },
    Key {
        path: "allow.reason",
        kind: Kind::Text(Form::Sentence),
        meaning: "Why it is allowed; without a reason nothing is.",
        example: "\"single-NIC lab\"",
    },
    Key {
        path: "allow.until",
        kind: Kind::Date,
        meaning: "The last day on which it is allowed. Default: no end.",
        example: "2027-01-31",
    },
];
