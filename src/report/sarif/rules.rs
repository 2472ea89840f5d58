//! What SARIF tells of the lints that found something.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::report::Reported;

/// The lints of a report, in the order in which they first appear.
#[derive(Default)]
pub struct Rules<'a> {
    /// What is told of each.
    pub list: Vec<Rule<'a>>,
    index: BTreeMap<&'a str, usize>,
}

/// What SARIF calls a rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Help>,
    help_uri: String,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

impl<'a> Rules<'a> {
    /// The number of a finding's lint in the list.
    pub fn index(&mut self, reported: &'a Reported) -> usize {
        *self.index.entry(reported.lint).or_insert_with(|| {
            self.list.push(rule(reported));
            self.list.len() - 1
        })
    }
}

/// Of `summary`, `why` and `fix` in the lint's `lint.toml`.
fn rule(reported: &Reported) -> Rule<'_> {
    let id = reported.lint;
    let (why, fix) = (reported.why.trim(), reported.help.trim());
    let repository = env!("CARGO_PKG_REPOSITORY");
    Rule {
        id,
        short_description: text(reported.summary),
        full_description: text(why),
        help: (!fix.is_empty()).then(|| Help {
            text: format!("{why}\n\n{fix}").trim_start().to_owned(),
            markdown: format!("{why}\n\n**What to do:** {fix}")
                .trim_start()
                .to_owned(),
        }),
        help_uri: format!("{repository}/blob/main/lints/{id}/README.md"),
    }
}

fn text(text: &str) -> Option<Text> {
    let text = text.to_owned();
    (!text.is_empty()).then_some(Text { text })
}
