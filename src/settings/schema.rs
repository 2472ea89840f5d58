//! The JSON Schema of `ovnlint.toml`: its keys, and every lint with what can be set of it.

use serde_json::{Map, Value, json};

use crate::lints::{LINTS, Lint, Takes, Tunable};
use crate::read::keys::schema::size;
use crate::read::settings::schema::SETTINGS;

use super::ruleset::RULESETS;

/// The JSON Schema (draft 2020-12) of the file, for editors. It also refuses what the file may say but what is a
/// finding then: an allow without a reason, or for a lint that is none.
pub fn json_schema() -> Value {
    let mut schema = SETTINGS.json_schema();
    let properties = &mut schema["properties"];
    properties["ruleset"]["enum"] = RULESETS.iter().map(|ruleset| ruleset.name).collect();
    let level = properties["lints"]["additionalProperties"]["properties"]["level"].clone();
    let lints = LINTS
        .iter()
        .map(|lint| (lint.name.to_owned(), of_lint(lint, &level)));
    properties["lints"]["properties"] = lints.collect::<Map<_, _>>().into();
    properties["lints"]["additionalProperties"] = json!(false);
    let allow = &mut properties["allow"]["items"];
    allow["required"] = json!(["lint", "reason"]);
    let names: Value = LINTS.iter().map(|lint| lint.name).collect();
    let one = json!({"type": "string", "enum": names});
    allow["properties"]["lint"]["anyOf"] =
        json!([one, {"type": "array", "minItems": 1, "items": one}]);
    schema
}

fn of_lint(lint: &'static Lint, level: &Value) -> Value {
    let about = lint.about();
    let levels: Vec<&str> = about.levels.iter().map(|level| level.name()).collect();
    let parameters = about.parameters.iter();
    let mut properties: Map<_, _> = parameters
        .map(|(name, tunable)| (name.clone(), of_parameter(tunable)))
        .collect();
    let mut level = level.clone();
    level["description"] = json!(format!(
        "The most that it may say; by itself it says {}. `off` switches it off.",
        levels.join(" or ")
    ));
    properties.insert("level".to_owned(), level);
    json!({
        "type": "object",
        "description": about.summary,
        "properties": properties,
        "additionalProperties": false
    })
}

fn of_parameter(tunable: &Tunable) -> Value {
    let mut schema = match tunable.takes() {
        Takes::Number => json!({"type": "integer", "minimum": 0, "maximum": i64::MAX}),
        Takes::Size => size(),
        Takes::Text => json!({"type": "string"}),
    };
    schema["description"] = json!(tunable.meaning);
    schema["default"] = json!(tunable.default);
    schema
}

#[cfg(test)]
mod tests;
