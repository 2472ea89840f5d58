//! Commands in the steps of pipelines: GitHub's and CircleCI's `run`, GitLab's `script`.

use crate::read::yaml::{Entry, Node, Resolved};
use crate::source::Span;

use super::unit::Unit;
use super::yaml::{Reader, missing};

/// What holds the commands of a job of GitLab.
const SCRIPTS: [&str; 3] = ["before_script", "script", "after_script"];

/// Actions that reach nothing but the machine that runs the pipeline.
const ACTIONS: [&str; 6] = [
    "actions/cache",
    "actions/checkout",
    "actions/download-artifact",
    "actions/setup-python",
    "actions/setup-node",
    "actions/upload-artifact",
];

/// Whether a document is a pipeline.
pub fn is_one(document: &Node) -> bool {
    let entries = document.entries().unwrap_or_default();
    let has_script = |node: &Node| SCRIPTS.iter().any(|name| node.get(name).is_some());
    let has_steps = |node: &Node| node.get("steps").is_some();
    let jobs = document
        .get("jobs")
        .and_then(Node::entries)
        .unwrap_or_default();
    has_script(document)
        || entries.iter().any(|entry| has_script(&entry.value))
        || jobs
            .iter()
            .any(|job| has_steps(&job.value) || job.value.get("uses").is_some())
        || document.get("runs").is_some_and(has_steps)
        || has_steps(document)
}

/// Reads the commands of all jobs, in the order of the file.
pub fn read(reader: &mut Reader, document: &Node) {
    for entry in document.entries().unwrap_or_default() {
        match entry.name() {
            "jobs" => {
                let jobs = entry.value.entries().unwrap_or_default();
                for job in jobs {
                    job_of_steps(reader, job);
                }
            }
            "runs" => steps(reader, &entry.value),
            "steps" => steps(reader, document),
            "include" | "orbs" => {
                reader.unfollowed(entry.key.span, "what this brings in is not looked at");
            }
            "default" => scripts(reader, &entry.value),
            name if SCRIPTS.contains(&name) => script(reader, &entry.value),
            _ if entry.value.entries().is_some() => job_of_scripts(reader, entry),
            _ => {}
        }
    }
}

fn job_of_steps(reader: &mut Reader, job: &Entry) {
    conditional(reader, &job.value, &["if"], |reader| {
        if let Some(uses) = job.value.entry("uses") {
            reader.unfollowed(uses.key.span, "what this workflow does is not looked at");
        }
        steps(reader, &job.value);
    });
}

fn steps(reader: &mut Reader, job: &Node) {
    for step in job.get("steps").and_then(Node::items).unwrap_or_default() {
        conditional(reader, step, &["if", "when"], |reader| {
            one_step(reader, step);
        });
    }
}

fn one_step(reader: &mut Reader, step: &Node) {
    if let Some(name) = step.text() {
        return match name {
            "checkout" => reader.harmless(step.span, "it reads the repository"),
            _ => reader.unfollowed(step.span, "what this step does is not looked at"),
        };
    }
    let runs = ["run", "bash", "script"]
        .iter()
        .find_map(|name| step.entry(name));
    let Some(runs) = runs else {
        let uses = step.entry("uses");
        let action = uses.and_then(|uses| uses.value.text()).unwrap_or_default();
        let span = uses.map_or(step.span, |uses| uses.value.span);
        return if ACTIONS.contains(&action.split('@').next().unwrap_or_default()) {
            reader.harmless(
                span,
                "it reaches nothing but the machine that runs the pipeline",
            );
        } else {
            reader.unfollowed(span, "what this step does is not looked at");
        };
    };
    let shell = step.get("shell").and_then(Node::text).unwrap_or("bash");
    let program = shell.split_whitespace().next().unwrap_or_default();
    if !matches!(program.rsplit('/').next(), Some("bash" | "sh" | "dash")) {
        return reader.unfollowed(runs.key.span, "what runs this is no shell");
    }
    let command = runs.value.get("command").unwrap_or(&runs.value);
    commands(reader, command);
}

fn job_of_scripts(reader: &mut Reader, job: &Entry) {
    let is_template = job.name().starts_with('.');
    let outer = reader.run.certain.clone();
    if is_template {
        let why = "it runs only as a part of jobs that extend it";
        reader.run.certain = reader.run.maybe(job.key.span, why);
    }
    conditional(
        reader,
        &job.value,
        &["rules", "only", "except", "when"],
        |reader| {
            for name in ["extends", "trigger", "run"] {
                if let Some(entry) = job.value.entry(name) {
                    reader.unfollowed(entry.key.span, "what this brings in is not looked at");
                }
            }
            scripts(reader, &job.value);
        },
    );
    reader.run.certain = outer;
}

fn scripts(reader: &mut Reader, job: &Node) {
    for name in SCRIPTS {
        if let Some(own) = job.get(name) {
            script(reader, own);
        }
    }
}

/// A text, or a list of texts and lists of them.
fn script(reader: &mut Reader, node: &Node) {
    match node.items() {
        Some(_) if node.tag.is_some() => {
            reader.unfollowed(node.span, "what this refers to is not looked at");
        }
        Some(items) => items.iter().for_each(|item| script(reader, item)),
        None => commands(reader, node),
    }
}

fn commands(reader: &mut Reader, node: &Node) {
    match reader.unit(node) {
        Some(unit) => {
            let unit = filled(&unit);
            reader.run.nested(&unit, None);
        }
        None => reader.unfollowed(node.span, "what runs here is no text"),
    }
}

/// Reads what runs only under a condition that is said beside it.
fn conditional(reader: &mut Reader, node: &Node, names: &[&str], read: impl FnOnce(&mut Reader)) {
    let outer = reader.run.certain.clone();
    let condition = names.iter().find_map(|name| node.entry(name));
    let always = |entry: &&Entry| entry.value.resolved() != Some(Resolved::Bool(true));
    if let Some(condition) = condition.filter(always) {
        let why = format!("it runs only where its `{}` holds", condition.name());
        reader.run.certain = reader.run.maybe(condition.key.span, &why);
    }
    read(reader);
    reader.run.certain = outer;
}

/// A text in which expressions, `${{ … }}` and `<< … >>`, are not known.
fn filled(unit: &Unit) -> Unit {
    let text = unit.text.as_str();
    let (mut filled, mut at) = (Unit::default(), 0);
    let marks = [("${{", "}}"), ("<< ", " >>")];
    let next = |from: usize| {
        let rest = text.get(from..)?;
        let found = marks
            .iter()
            .filter_map(|(open, close)| Some((from + rest.find(open)?, *close)));
        found.min_by_key(|(at, _)| *at)
    };
    while let Some((start, close)) = next(at) {
        let Some(length) = text.get(start..).and_then(|rest| rest.find(close)) else {
            break;
        };
        filled.push_part(unit, at..start);
        at = start + length + close.len();
        let span: Span = unit.span(start..at);
        let written = text.get(start..at).unwrap_or_default();
        filled.push_unknown(span, missing(written, "an expression of the pipeline"));
    }
    filled.push_part(unit, at..text.len());
    filled
}
