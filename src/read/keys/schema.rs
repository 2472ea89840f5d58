//! What a key is, and the JSON Schema of a table of them.

use std::fmt;

use serde_json::{Map, Value, json};

/// The keys of a file: the one table behind the reader, the JSON Schema and the README.
#[derive(Debug)]
pub struct Keys {
    /// What the file is.
    pub title: &'static str,
    /// A table whose keys are names that the user chooses, and what one of these is.
    pub entries: (&'static str, &'static str),
    /// Every key, tables before what is in them.
    pub keys: &'static [Key],
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Where it stands; `<…>` is a name that the user chooses: `nodes.<name>.memory`.
    pub path: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it means.
    pub meaning: &'static str,
    /// A value, as it is written in the file; empty for tables.
    pub example: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Keys of its own.
    Table,
    /// A string.
    Text(Form),
    /// An array of strings.
    List(Form),
    /// Bytes: a string like `16GiB` or a whole number.
    Size,
    /// A whole number from the first to the second, both included.
    Number(u64, u64),
    /// `true` or `false`.
    Boolean,
    /// A day.
    Date,
    /// Several tables, each with keys of its own.
    Tables,
    /// A string, or an array of strings.
    Words(Form),
    /// Anything: who knows more of it judges it.
    Any,
}

/// What a string says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A release of the cloud's software.
    Release,
    /// A version of a program or kernel.
    Version,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A network interface, or an address.
    Management,
    /// A network interface.
    Interface,
    /// An address with its prefix length.
    Prefix,
    /// A path or a glob, relative to the file's directory.
    Path,
    /// A port of a bridge.
    Port,
    /// A set of versions of ovnlint, as Cargo writes it.
    Requirement,
    /// A set of lints, by its date.
    Ruleset,
    /// A lint.
    Lint,
    /// A glob of names.
    Glob,
    /// A pattern of paths, as a `.gitignore` has it.
    Pattern,
    /// A sentence.
    Sentence,
}

/// The largest number that TOML can write.
pub const LARGEST: u64 = i64::MAX as u64;

/// The key of a table.
pub const fn table(path: &'static str, meaning: &'static str) -> Key {
    Key {
        path,
        kind: Kind::Table,
        meaning,
        example: "",
    }
}

impl Keys {
    /// The keys that stand directly in a table.
    pub fn children(&self, table: &str) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().filter(move |key| key.parent() == table)
    }

    /// The JSON Schema (draft 2020-12) of the file, for editors.
    pub fn json_schema(&self) -> Value {
        let mut schema = self.object("");
        schema.insert(
            "$schema".to_owned(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        schema.insert("title".to_owned(), json!(self.title));
        Value::Object(schema)
    }

    fn object(&self, table: &str) -> Map<String, Value> {
        let mut properties = Map::new();
        let mut others = json!(false);
        for key in self.children(table) {
            let mut value = match key.kind {
                Kind::Table => self.object(key.path),
                Kind::Tables => fields(json!({"type": "array", "items": self.object(key.path)})),
                kind => scalar(kind),
            };
            value.insert("description".to_owned(), json!(key.meaning));
            if key.is_chosen() {
                others = Value::Object(value);
            } else {
                properties.insert(key.name().to_owned(), Value::Object(value));
            }
        }
        fields(json!({"type": "object", "properties": properties, "additionalProperties": others}))
    }
}

impl Key {
    /// The table that it stands in; empty for the file itself.
    pub fn parent(&self) -> &'static str {
        self.path.rsplit_once('.').map_or("", |(parent, _)| parent)
    }

    /// Its own name: the end of its path.
    pub fn name(&self) -> &'static str {
        self.path
            .rsplit_once('.')
            .map_or(self.path, |(_, name)| name)
    }

    /// Whether the user chooses the name.
    pub fn is_chosen(&self) -> bool {
        self.name().starts_with('<')
    }
}

fn scalar(kind: Kind) -> Map<String, Value> {
    fields(match kind {
        Kind::Table => json!({"type": "object"}),
        Kind::Tables => json!({"type": "array"}),
        Kind::Any => json!({}),
        Kind::Words(form) => {
            json!({"anyOf": [text(form), {"type": "array", "minItems": 1, "items": text(form)}]})
        }
        // Editors hand a date over as a string.
        Kind::Date => {
            json!({"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
        }
        Kind::Text(form) => Value::Object(text(form)),
        Kind::List(form) => json!({"type": "array", "items": text(form)}),
        Kind::Size => size(),
        Kind::Number(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Kind::Boolean => json!({"type": "boolean"}),
    })
}

/// A size that is more than 0 bytes.
pub fn size() -> Value {
    json!({
        "type": ["string", "integer"],
        "minimum": 1,
        "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*([KkMmGgTt]([Ii]?[Bb])?|[Bb])?\s*$"
    })
}

fn text(form: Form) -> Map<String, Value> {
    fields(match form {
        Form::Choice(words) => json!({"type": "string", "enum": words}),
        Form::Version => json!({"type": "string", "pattern": r"^\s*([0-9]+:|v)?[0-9]+\.[0-9]+"}),
        Form::Management | Form::Interface => json!({"type": "string", "pattern": r"^[^/\s]+$"}),
        Form::Prefix => json!({"type": "string", "pattern": r"^[0-9A-Fa-f.:]+/[0-9]+$"}),
        Form::Release
        | Form::Path
        | Form::Port
        | Form::Requirement
        | Form::Ruleset
        | Form::Lint
        | Form::Glob
        | Form::Pattern
        | Form::Sentence => json!({"type": "string", "minLength": 1}),
    })
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => unreachable!("only objects are written above, not {other}"),
    }
}

impl fmt::Display for Kind {
    /// In words, with an article: what "must be" is followed by.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Table => f.write_str("a table"),
            Kind::Text(form) => write!(f, "a string: {form}"),
            Kind::List(form) => write!(f, "a list of strings, each {form}"),
            Kind::Size => f.write_str("a size: a string like \"16GiB\", or a number of bytes"),
            Kind::Number(least, LARGEST) => write!(f, "a whole number, {least} or more"),
            Kind::Number(least, most) => write!(f, "a whole number from {least} to {most}"),
            Kind::Boolean => f.write_str("true or false"),
            Kind::Date => f.write_str("a date"),
            Kind::Tables => f.write_str("a list of tables"),
            Kind::Words(form) => write!(f, "{form}, or a list of them"),
            Kind::Any => f.write_str("a value"),
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Release => "a release",
            Form::Version => "a version",
            Form::Management => "an interface or an IP address",
            Form::Interface => "an interface",
            Form::Prefix => "an address with its prefix length",
            Form::Path => "a path or a glob",
            Form::Port => "a port",
            Form::Requirement => "a requirement of a version",
            Form::Ruleset => "a ruleset",
            Form::Lint => "a lint",
            Form::Glob => "a glob",
            Form::Pattern => "a pattern",
            Form::Sentence => "a sentence",
            Form::Choice(words) => return alternatives(words, f),
        })
    }
}

fn alternatives(words: &[&str], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, word) in words.iter().enumerate() {
        let between = match at {
            0 => "",
            at if at + 1 == words.len() => " or ",
            _ => ", ",
        };
        write!(f, "{between}`{word}`")?;
    }
    Ok(())
}
