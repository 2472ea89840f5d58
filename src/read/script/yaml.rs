//! Files of YAML: which program reads them, and their scalars as texts that a shell may be given.

use std::sync::Arc;

use crate::read::yaml::{self, Node, Resolved, Yaml};
use crate::source::{FileId, Span};

use super::run::{Braces, Run};
use super::unit::{Missing, Origin, Unit};
use super::{Below, Script, ansible, cloud_init, pipeline};

/// How a file for cloud-init starts.
const CLOUD_CONFIG: &str = "#cloud-config";

/// A file of YAML and the script that it holds, as far as it was read.
pub struct Reader<'a> {
    pub run: Run,
    /// The file's text.
    pub text: &'a str,
}

/// Reads what a file has for Ansible, cloud-init or a pipeline; what else it may be is not predicted.
pub fn read(file: FileId, text: &str) -> Script {
    let mut run = Run::new(file);
    run.braces = Braces::Unclear;
    let Yaml {
        documents,
        trouble,
        overridden,
        comments,
    } = yaml::read(text);
    run.comments(comments, Below::Item);
    let mut reader = Reader { run, text };
    if let Some(trouble) = trouble {
        reader.refuse(trouble.span, &trouble.message);
    }
    for span in overridden {
        reader.unfollowed(
            span,
            "this key is given again in the same map, and the last one counts",
        );
    }
    let is_one = |first: &Arc<Node>| first.items().is_some() || is_cloud_config(text);
    if let Some(second) = documents
        .get(1)
        .filter(|_| documents.first().is_some_and(is_one))
    {
        reader.refuse(
            second.span,
            "a second document: Ansible and cloud-init read one from a file",
        );
    }
    for document in &documents {
        document_of(&mut reader, document);
    }
    reader.run.script
}

/// Whether a text is for cloud-init: it says so in its first line, or below the one that names its templates.
pub fn is_cloud_config(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end);
    let first = lines.next();
    let is_template = |line: &str| line.to_ascii_lowercase().replace(' ', "") == "##template:jinja";
    let said = if first.is_some_and(is_template) {
        lines.next()
    } else {
        first
    };
    said == Some(CLOUD_CONFIG)
}

fn document_of(reader: &mut Reader, document: &Node) {
    if document.is_null() {
        return;
    }
    if is_cloud_config(reader.text) {
        cloud_init::read(reader, document);
    } else if document.items().is_some() {
        ansible::read(reader, document);
    } else if pipeline::is_one(document) {
        pipeline::read(reader, document);
    } else {
        let why = "this is neither a list of plays or tasks nor a pipeline: what reads it, and what that does, is not known";
        let first = reader
            .text
            .get(document.span.range())
            .and_then(|text| text.lines().next());
        let start = document.span.range().start;
        let end = start + first.map_or(0, |line| line.trim_end().len());
        reader.unfollowed(Span::new(start..end), why);
    }
}

impl Reader<'_> {
    /// Notes what the program that the file is for refuses.
    pub fn refuse(&mut self, span: Span, message: &str) {
        self.run.trouble(super::parse::Syntax {
            span,
            message: message.to_owned(),
        });
    }

    /// Gives out that something runs here of which it is not known what it does.
    pub fn unfollowed(&mut self, span: Span, why: &str) {
        let word = self.run.unfollowed(span, why);
        self.run.push(vec![word], span);
    }

    /// Notes that something reaches nothing of a site.
    pub fn harmless(&mut self, span: Span, why: &'static str) {
        let place = self.run.place(span);
        self.run.script.harmless.push((place, why));
    }

    /// A scalar as the program is given it; nothing of a list or a map.
    pub fn unit(&self, node: &Node) -> Option<Unit> {
        let text = node.text()?;
        let mut unit = Unit::default();
        let value = plain(node);
        match value {
            Some(value) if value == text => {
                for piece in yaml::pieces(self.text, node) {
                    let origin = if piece.verbatim {
                        Origin::Verbatim
                    } else {
                        Origin::Decoded
                    };
                    unit.push(
                        text.get(piece.range).unwrap_or_default(),
                        piece.span,
                        origin,
                    );
                }
            }
            Some(value) => unit.push(&value, node.span, Origin::Decoded),
            None => unit.push_unknown(node.span, missing(text, what_is_unknown(node))),
        }
        Some(unit)
    }
}

/// What is not known, and why.
pub fn missing(text: &str, why: &str) -> Arc<Missing> {
    Arc::new(Missing {
        text: text.to_owned(),
        why: why.to_owned(),
    })
}

/// The text that Python makes of a scalar; none where that is not known.
pub fn plain(node: &Node) -> Option<String> {
    let text = node.text()?;
    match node.resolved()? {
        Resolved::Text => Some(text.to_owned()),
        Resolved::Null => Some(String::new()),
        Resolved::Bool(true) => Some("True".to_owned()),
        Resolved::Bool(false) => Some("False".to_owned()),
        Resolved::Int(number) => Some(number.to_string()),
        Resolved::Float(number) => Some(text.to_owned()).filter(|text| *text == number.to_string()),
        // What Ansible does not fill in.
        Resolved::Other if is_unsafe(node) => Some(text.to_owned()),
        Resolved::Other => None,
    }
}

/// Whether templates in it stay as they are.
pub fn is_unsafe(node: &Node) -> bool {
    node.tag.as_deref() == Some("!unsafe")
}

fn what_is_unknown(node: &Node) -> &'static str {
    match node.tag.as_deref() {
        Some("!vault" | "!vault-encrypted") => "an encrypted value",
        Some(_) => "a value with a tag",
        None => "a number as a text",
    }
}
