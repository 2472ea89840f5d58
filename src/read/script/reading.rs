//! `while read …; do …; done <<EOF`: a loop over lines that stand in the script.

use std::rc::Rc;

use super::Word;
use super::here::identifier_length;
use super::run::{Flow, Run};
use super::tree::{Command, Form, List, Tree};
use super::variables::Value;

/// Commands that read, too: a loop does not come by the lines that they take.
const READERS: [&str; 16] = [
    "ssh",
    "read",
    "cat",
    "bash",
    "sh",
    "dash",
    "mapfile",
    "readarray",
    "sudo",
    "docker",
    "kubectl",
    "xargs",
    "tee",
    "lxc",
    "su",
    "ansible",
];

/// What a loop reads its lines with.
pub struct Reading {
    /// The variables.
    names: Vec<Rc<str>>,
    /// `-r`: a backslash is one.
    is_raw: bool,
}

impl Run {
    /// The lines that stand behind a loop which reads them one by one; none where it does anything else with them.
    pub fn lines(
        &mut self,
        command: &Command,
        text: Option<&Word>,
    ) -> Option<(Reading, Vec<String>)> {
        let Form::While(condition, body) = &command.form else {
            return None;
        };
        let reading = reading(condition)?;
        let has_readers = reads(body, &|name| {
            READERS.contains(&name) || self.functions.contains_key(name)
        });
        let text = text?;
        let is_known = text.unknown.is_none() && (reading.is_raw || !text.text.contains('\\'));
        let splits = self.variables.get("IFS").is_some();
        if has_readers || !is_known || splits {
            return None;
        }
        let lines = text.text.lines().map(str::to_owned).collect();
        Some((reading, lines))
    }

    /// Runs the body of a loop once for each line.
    pub fn each_line(&mut self, reading: &Reading, lines: &[String], body: &List) -> Flow {
        let outer = (self.certain.clone(), self.doubt.take());
        let mut flow = Flow::Next;
        for line in lines {
            self.assign_fields(reading, line);
            flow = self.list(body);
            match flow {
                Flow::Break(_) | Flow::Return | Flow::Exit => break,
                Flow::Continue(levels) if levels > 1 => break,
                Flow::Continue(_) | Flow::Next => flow = Flow::Next,
            }
        }
        if self.doubt.is_some() {
            self.certain = outer.0;
        }
        self.doubt = outer.1;
        // The last `read` found no line, and left its variables empty.
        if flow == Flow::Next {
            self.assign_fields(reading, "");
        }
        match flow {
            Flow::Break(levels) if levels > 1 => Flow::Break(levels - 1),
            Flow::Continue(levels) if levels > 1 => Flow::Continue(levels - 1),
            Flow::Break(_) | Flow::Continue(_) => Flow::Next,
            other => other,
        }
    }

    /// The last variable is given all that is left, without the blanks at its ends.
    fn assign_fields(&mut self, reading: &Reading, line: &str) {
        let blanks = [' ', '\t'];
        let mut rest = line.trim_matches(blanks);
        for (at, name) in reading.names.iter().enumerate() {
            let is_last = at + 1 == reading.names.len();
            let (field, behind) = match rest.split_once(blanks) {
                Some(split) if !is_last => split,
                _ => (rest, ""),
            };
            let value = Value::text(field);
            self.keep_secret(name, &value);
            self.variables.set(name, value);
            rest = behind.trim_start_matches(blanks);
        }
    }
}

/// `read -r a b`, and nothing besides.
fn reading(condition: &List) -> Option<Reading> {
    let [item] = &condition[..] else {
        return None;
    };
    let [command] = &item.first.commands[..] else {
        return None;
    };
    let Form::Simple(simple) = &command.form else {
        return None;
    };
    let is_alone = item.rest.is_empty() && !item.first.negated && item.background.is_none();
    if !is_alone
        || !simple.assignments.is_empty()
        || simple.input.is_some()
        || !simple.files.is_empty()
    {
        return None;
    }
    let words: Option<Vec<String>> = simple.words.iter().map(Tree::literal).collect();
    let words = words?;
    let (first, rest) = words.split_first()?;
    let names = match rest {
        [option, names @ ..] if option == "-r" => names,
        names => names,
    };
    let is_name = |name: &String| !name.is_empty() && identifier_length(name) == name.len();
    let reads = first == "read" && !names.is_empty() && names.iter().all(is_name);
    reads.then(|| Reading {
        names: names.iter().map(|name| Rc::from(name.as_str())).collect(),
        is_raw: names.len() < rest.len(),
    })
}

/// Whether a list holds a command of which this says that it reads, or one whose name is not known.
fn reads(list: &List, is_reader: &dyn Fn(&str) -> bool) -> bool {
    let pipelines = list.iter().flat_map(|item| {
        let rest = item.rest.iter().map(|(_, _, pipeline)| pipeline);
        std::iter::once(&item.first).chain(rest)
    });
    let mut commands = pipelines.flat_map(|pipeline| &pipeline.commands);
    commands.any(|command| match &command.form {
        Form::Simple(simple) => match simple.words.first().map(Tree::literal) {
            None => false,
            Some(None) => true,
            Some(Some(name)) => is_reader(name.rsplit('/').next().unwrap_or_default()),
        },
        Form::Group(list) | Form::Subshell(list) => reads(list, is_reader),
        Form::If(arms, otherwise) => {
            let mut arms = arms.iter();
            arms.any(|(condition, body)| reads(condition, is_reader) || reads(body, is_reader))
                || otherwise
                    .as_ref()
                    .is_some_and(|body| reads(body, is_reader))
        }
        Form::While(condition, body) => reads(condition, is_reader) || reads(body, is_reader),
        Form::For(_, _, body) | Form::Count(_, body) | Form::Select(_, _, body) => {
            reads(body, is_reader)
        }
        Form::Case(_, arms) => arms.iter().any(|(_, body)| reads(body, is_reader)),
        Form::Function(..) => true,
        Form::Arithmetic(_) | Form::Test(_) => false,
    })
}
