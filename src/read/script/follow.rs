//! Follows the commands of a script in the order in which they run.

use std::rc::Rc;

use crate::source::Span;

use super::Word;
use super::assigned;
use super::run::{Flow, Input, MAX_DEPTH, OnFailure, Run, Status};
use super::test;
use super::tree::{Command, Form, Item, Joint, List, Pipeline, Simple, Tree};
use super::variables::Value;

impl Run {
    /// Commands one behind the other.
    pub fn list(&mut self, list: &List) -> Flow {
        for item in list {
            let flow = self.item(item);
            if flow != Flow::Next {
                return flow;
            }
        }
        Flow::Next
    }

    fn item(&mut self, item: &Item) -> Flow {
        let Some(span) = item.background else {
            return self.chain(item);
        };
        let certain = self.maybe(span, "it runs in the background, and when is not known");
        self.subshell(|run| run.conditional(certain, |run| run.chain(item)).0);
        self.status = Status::known(true);
        Flow::Next
    }

    fn chain(&mut self, item: &Item) -> Flow {
        if item.rest.is_empty() {
            let flow = self.pipeline(&item.first);
            let may_end = self.on_failure == OnFailure::Exit && self.conditions == 0;
            if let (Flow::Next, true, Some(success), false) =
                (flow, may_end, &self.status.success, item.first.negated)
            {
                self.certain = success.clone();
            }
            return flow;
        }
        self.conditions += 1;
        let mut flow = self.pipeline(&item.first);
        for (joint, span, pipeline) in &item.rest {
            if flow != Flow::Next {
                break;
            }
            flow = self.joined(*joint, *span, pipeline);
        }
        self.conditions -= 1;
        flow
    }

    /// What stands behind `&&` or `||`.
    fn joined(&mut self, joint: Joint, span: Span, pipeline: &Pipeline) -> Flow {
        let before = std::mem::take(&mut self.status);
        let runs = before
            .known
            .map(|succeeded| succeeded == (joint == Joint::And));
        match runs {
            Some(true) => return self.pipeline(pipeline),
            Some(false) => {
                self.status = before;
                return Flow::Next;
            }
            None => {}
        }
        let (reached, why) = match joint {
            Joint::And => (
                &before.success,
                "it runs only if what stands before it succeeds",
            ),
            Joint::Or => (
                &before.failure,
                "it runs only if what stands before it fails",
            ),
        };
        let certain = reached.clone().unwrap_or_else(|| self.maybe(span, why));
        let (flow, names) = self.conditional(certain, |run| run.pipeline(pipeline));
        self.forget(&names);
        let after = std::mem::take(&mut self.status);
        self.status = match (joint, flow, after.known) {
            // Where it did not end the script, what stands before `||` succeeded.
            (Joint::Or, Flow::Exit | Flow::Return, _) | (Joint::Or, _, Some(true)) => {
                Status::known(true)
            }
            (Joint::And, _, Some(true)) | (Joint::Or, _, Some(false)) => before,
            (Joint::And, _, Some(false)) => Status::known(false),
            (Joint::And, _, None) => Status {
                success: after.success,
                ..Status::default()
            },
            (Joint::Or, _, None) => Status {
                failure: after.failure,
                ..Status::default()
            },
        };
        Flow::Next
    }

    fn pipeline(&mut self, pipeline: &Pipeline) -> Flow {
        let mut flow = Flow::Next;
        match &pipeline.commands[..] {
            [command] => flow = self.command(command),
            commands => {
                for (index, command) in commands.iter().enumerate() {
                    let input = match index {
                        0 => self.input,
                        _ => Input::Pipe,
                    };
                    let outer = std::mem::replace(&mut self.input, input);
                    self.subshell(|run| run.command(command));
                    self.input = outer;
                }
            }
        }
        if pipeline.negated {
            self.status = std::mem::take(&mut self.status).negated();
        }
        flow
    }

    /// One command.
    pub fn command(&mut self, command: &Command) -> Flow {
        self.spend(64);
        if self.is_over(command.span) {
            return Flow::Exit;
        }
        if self.depth >= MAX_DEPTH {
            // A function that calls itself gets here again and again; it is told of each place once.
            if self.too_deep.insert(command.span) {
                let why = "commands are nested too deep to be followed";
                self.push(vec![self.unfollowed(command.span, why)], command.span);
            }
            return Flow::Next;
        }
        self.depth += 1;
        let flow = match &command.around {
            None => self.form(command),
            Some(around) => self.within(command, around),
        };
        self.depth -= 1;
        flow
    }

    /// A compound command with redirections behind it.
    fn within(&mut self, command: &Command, around: &Simple) -> Flow {
        let text = around.input.as_ref().and_then(|cell| cell.get());
        let text = text.map(|tree| self.whole(tree));
        self.opens(&around.files);
        let input = if text.is_some() || !around.files.is_empty() {
            Input::Around
        } else {
            self.input
        };
        let lines = self.lines(command, text.as_ref());
        let outer = std::mem::replace(&mut self.input, input);
        let flow = match (&command.form, lines) {
            (Form::While(_, body), Some((reading, lines))) => {
                let flow = self.each_line(&reading, &lines, body);
                self.status = Status::default();
                flow
            }
            _ => self.form(command),
        };
        self.input = outer;
        self.writes(&around.outputs);
        flow
    }

    fn form(&mut self, command: &Command) -> Flow {
        let span = command.span;
        match &command.form {
            Form::Simple(simple) => return self.simple(simple, span),
            Form::Group(list) => return self.list(list),
            Form::Subshell(list) => self.subshell(|run| run.list(list)),
            Form::If(arms, otherwise) => return self.branches(arms, otherwise.as_ref(), span),
            Form::While(condition, body) => self.repeated(&[condition, body], span, |run| {
                run.condition(condition);
            }),
            Form::Count(sums, body) => {
                self.calculates(sums.runs, span);
                self.repeated(&[body], span, |run| run.forget(&sums.names));
            }
            Form::For(name, words, body) => return self.each(name, words.as_deref(), body, span),
            Form::Select(name, words, body) => {
                for tree in words {
                    self.words(tree);
                }
                let why = "what somebody chooses when it runs";
                return self.each_unknown(name, body, span, why);
            }
            Form::Case(subject, arms) => return self.case(subject, arms, span),
            Form::Function(name, body) => {
                self.functions.insert(name.clone(), body.clone());
                self.status = Status::known(true);
            }
            Form::Arithmetic(sums) => {
                self.calculates(sums.runs, span);
                self.forget(&sums.names);
                self.status = Status::default();
            }
            Form::Test(trees) => {
                let words: Vec<Word> = trees.iter().map(|tree| self.whole(tree)).collect();
                self.status = test::status(&words);
            }
        }
        Flow::Next
    }

    /// The commands of a condition; what is known of its outcome is the status.
    fn condition(&mut self, condition: &List) -> Flow {
        self.conditions += 1;
        let flow = self.list(condition);
        self.conditions -= 1;
        flow
    }

    fn branches(&mut self, arms: &[(List, List)], otherwise: Option<&List>, span: Span) -> Flow {
        let outer = self.certain.clone();
        let (mut otherwise, mut open) = (otherwise, Vec::new());
        for (condition, body) in arms {
            self.condition(condition);
            let status = std::mem::take(&mut self.status);
            match status.known {
                Some(true) => {
                    otherwise = Some(body);
                    break;
                }
                Some(false) => {}
                None => {
                    let unknown = self.maybe(span, "the condition of this `if` is not known");
                    open.push((status.success.unwrap_or_else(|| unknown.clone()), body));
                    self.certain = status.failure.unwrap_or(unknown);
                }
            }
        }
        let remaining = std::mem::replace(&mut self.certain, outer.clone());
        self.status = Status::known(true);
        match otherwise {
            Some(body) if open.is_empty() => return self.list(body),
            Some(body) => open.push((remaining, body)),
            None if open.is_empty() => return Flow::Next,
            None => {}
        }
        let mut changed = Vec::new();
        let mut after = None;
        for (certain, body) in open {
            let (_, names) = self.conditional(certain, |run| run.list(body));
            changed.extend(names);
            // Where a branch ends the script, what follows runs only if that branch is not taken.
            let behind = std::mem::replace(&mut self.certain, outer.clone());
            if behind != outer {
                after.get_or_insert(behind);
            }
        }
        self.certain = after.unwrap_or(outer);
        self.status = Status::default();
        self.forget(&changed);
        Flow::Next
    }

    /// A loop of which it is not known how often it runs.
    fn repeated(&mut self, lists: &[&List], span: Span, start: impl FnOnce(&mut Self)) {
        self.forget_assigned(lists);
        start(self);
        let body = lists.last().expect("a loop has a body");
        let certain = self.maybe(span, "how often this loop runs is not known");
        let doubt = self.doubt.take();
        let (_, names) = self.conditional(certain, |run| run.list(body));
        self.doubt = doubt;
        self.forget(&names);
        self.status = Status::default();
    }

    /// What a loop sets is not known in it either: it may stem from the round before.
    fn forget_assigned(&mut self, lists: &[&List]) {
        let names = assigned::names(lists, &self.functions);
        self.forget(&names);
    }

    fn each(&mut self, name: &Rc<str>, words: Option<&[Tree]>, body: &List, span: Span) -> Flow {
        let words: Vec<Word> = match (words, self.arguments.clone()) {
            (Some(trees), _) => trees.iter().flat_map(|tree| self.words(tree)).collect(),
            (None, Some(arguments)) => {
                let texts = arguments.iter().map(|argument| match argument {
                    Value::Text(text) => Word::literal(text, self.place(span)),
                    _ => self.unfollowed(span, "an argument of the function"),
                });
                texts.collect()
            }
            (None, None) => vec![self.unfollowed(span, "the arguments of the script")],
        };
        let outer = (self.certain.clone(), self.doubt.take());
        let mut flow = Flow::Next;
        for word in words {
            if self.is_over(span) {
                break;
            }
            flow = match &word.unknown {
                None => {
                    let value = Value::text(&word.text);
                    self.keep_secret(name, &value);
                    self.variables.set(name, value);
                    self.list(body)
                }
                Some((place, why)) => self.each_unknown(name, body, place.span, why),
            };
            match flow {
                Flow::Break(levels) | Flow::Continue(levels) if levels > 1 => break,
                Flow::Break(_) | Flow::Return | Flow::Exit => break,
                Flow::Continue(_) | Flow::Next => flow = Flow::Next,
            }
        }
        if self.doubt.is_some() {
            self.certain = outer.0;
        }
        self.doubt = outer.1;
        match flow {
            Flow::Break(levels) if levels > 1 => Flow::Break(levels - 1),
            Flow::Continue(levels) if levels > 1 => Flow::Continue(levels - 1),
            Flow::Break(_) | Flow::Continue(_) => Flow::Next,
            other => other,
        }
    }

    fn each_unknown(&mut self, name: &Rc<str>, body: &List, span: Span, why: &str) -> Flow {
        self.forget_assigned(&[body]);
        let value = format!("`${name}` runs over what is not known: {why}");
        self.variables.set(name, Value::unknown(&value));
        let certain = self.maybe(
            span,
            &format!("the loop runs over what is not known: {why}"),
        );
        let (_, names) = self.conditional(certain, |run| run.list(body));
        self.forget(&names);
        Flow::Next
    }

    fn case(&mut self, subject: &Tree, arms: &[(Vec<Tree>, List)], span: Span) -> Flow {
        let subject = self.whole(subject);
        let mut changed = Vec::new();
        let mut is_open = subject.unknown.is_some();
        self.status = Status::known(true);
        for (patterns, body) in arms {
            let matches = test::case_matches(&subject, patterns, |tree| self.whole(tree));
            match matches {
                Some(true) if !is_open => return self.list(body),
                Some(false) => continue,
                _ => {}
            }
            is_open = true;
            let certain = self.maybe(span, "which branch of this `case` is taken is not known");
            let (_, names) = self.conditional(certain, |run| run.list(body));
            changed.extend(names);
        }
        if is_open {
            self.status = Status::default();
        }
        self.forget(&changed);
        Flow::Next
    }

    /// The commands in `$(…)`.
    pub fn substitution(&mut self, list: &List) {
        if self.depth >= MAX_DEPTH {
            return;
        }
        self.depth += 1;
        self.subshell(|run| run.list(list));
        self.depth -= 1;
    }
}
