//! What became of each file: for `--show-files`.

use crate::read::ovsdb::{Form, SchemaName};
use crate::read::{Input, Record};
use crate::source::Sources;

/// What became of one file.
#[derive(Debug)]
pub struct Fate {
    /// Its path, as shown.
    pub path: String,
    /// What it was taken for, or why it was left out.
    pub taken: String,
    /// The node whose it is.
    pub node: Option<String>,
}

impl Fate {
    /// What a file was taken for, and whose it is.
    pub fn of(input: &Input, owner: Option<&str>, sources: &Sources) -> Self {
        let (taken, whose) = match &input.record {
            Record::Ini(kind, _) => (kind.to_string(), true),
            Record::State(database) => (
                format!("{}, {}", schema(database.schema), form(database.form)),
                true,
            ),
            Record::Topology(_) => ("topology".to_owned(), false),
            Record::Unit(name, _) => (format!("unit of {name}"), true),
            Record::Environment(name, _) => (format!("environment of {name}"), true),
            Record::Hostname(name) => (format!("name of the machine: {name}"), false),
            Record::Interfaces(_) => ("`ip -j`: interfaces".to_owned(), true),
            Record::Routes(_) => ("`ip -j`: routes".to_owned(), true),
            Record::Machine(_) => ("snapshot".to_owned(), true),
            Record::BgpAgent => ("configuration of ovn-bgp-agent".to_owned(), true),
            Record::Left(why) => (format!("left out: {why}"), false),
        };
        Self {
            path: sources.get(input.file).path.clone(),
            taken,
            node: owner.filter(|_| whose).map(str::to_owned),
        }
    }
}

fn schema(schema: SchemaName) -> &'static str {
    match schema {
        SchemaName::OpenVswitch => "state of Open vSwitch",
        SchemaName::Northbound => "northbound database",
        SchemaName::Southbound => "southbound database",
        SchemaName::Other => "database of something else",
    }
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Log => "database file",
        Form::Cluster => "file of a clustered database",
        Form::Json => "as JSON",
        Form::List => "as `list` prints it",
        Form::Show => "as `show` prints it",
        Form::ExternalIds => "its external_ids",
        Form::Dump => "as `ovsdb-client dump` prints it",
        Form::Csv => "as CSV",
        Form::TableText => "as a table",
    }
}
