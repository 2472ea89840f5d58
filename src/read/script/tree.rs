//! What a script consists of, as it was parsed: nothing is expanded yet.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use crate::source::Span;

use super::unit::Missing;

/// Commands one behind the other.
pub type List = Vec<Item>;

/// Pipelines joined by `&&` and `||`, up to `;`, `&` or the end of the line.
#[derive(Debug)]
pub struct Item {
    /// The first pipeline.
    pub first: Pipeline,
    /// The others, each with what joins it to those before.
    pub rest: Vec<(Joint, Span, Pipeline)>,
    /// The `&` that sends it to the background.
    pub background: Option<Span>,
}

/// What joins two pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands joined by `|`.
#[derive(Debug)]
pub struct Pipeline {
    /// Whether `!` stands before it.
    pub negated: bool,
    /// The commands.
    pub commands: Vec<Command>,
}

/// One command.
#[derive(Debug)]
pub struct Command {
    /// From its first to its last word.
    pub span: Span,
    /// What it is.
    pub form: Form,
    /// What stands behind a command that holds others: what all of them read, and where their output goes.
    pub around: Option<Box<Simple>>,
}

/// The forms of a command.
#[derive(Debug)]
pub enum Form {
    /// Words.
    Simple(Simple),
    /// `{ …; }`
    Group(List),
    /// `( … )`
    Subshell(List),
    /// `if`, with each condition and what it guards.
    If(Vec<(List, List)>, Option<List>),
    /// `while` and `until`: the condition and the body.
    While(List, List),
    /// `for NAME in …`; without words, over the arguments.
    For(Rc<str>, Option<Vec<Tree>>, List),
    /// `select NAME in …`: what somebody chooses.
    Select(Rc<str>, Vec<Tree>, List),
    /// `for ((…))`, with the names that stand in the parentheses.
    Count(Sums, List),
    /// `case`: each arm's patterns and commands.
    Case(Tree, Vec<(Vec<Tree>, List)>),
    /// A function and its body.
    Function(Rc<str>, Rc<Command>),
    /// `((…))`, with the names that it sets.
    Arithmetic(Sums),
    /// `[[ … ]]`
    Test(Vec<Tree>),
}

/// A calculation.
#[derive(Debug)]
pub struct Sums {
    /// The names that it sets.
    pub names: Vec<Rc<str>>,
    /// Whether it holds commands: `$(( $(COMMAND) ))`.
    pub runs: bool,
}

/// Assignments and words.
#[derive(Debug, Default)]
pub struct Simple {
    /// `NAME=value` before the words.
    pub assignments: Vec<Assignment>,
    /// The words.
    pub words: Vec<Tree>,
    /// A here-document or here-string that it reads; filled once the line's end was read.
    pub input: Option<Rc<OnceCell<Tree>>>,
    /// The files that it reads instead: `< FILE`.
    pub files: Vec<Tree>,
    /// The files that its output goes to.
    pub outputs: Vec<Tree>,
}

/// `NAME=value`.
#[derive(Debug)]
pub struct Assignment {
    /// The name.
    pub name: Rc<str>,
    /// All of it.
    pub span: Span,
    /// What it does to the name.
    pub value: Assigned,
}

/// What an assignment does.
#[derive(Debug)]
pub enum Assigned {
    /// `=word`
    Word(Tree),
    /// `+=word`
    Append(Tree),
    /// `=(words)`
    Array(Vec<Tree>),
    /// What is not followed: `+=(…)`, `[index]=…`; the words in it.
    Other(Vec<Tree>),
}

/// A word before it is expanded.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Where it stands, with its quotes.
    pub span: Span,
    /// Its parts.
    pub parts: Vec<Part>,
}

/// Whether quotes keep a part from being split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Not quoted.
    Bare,
    /// In quotes, or behind a backslash.
    Quoted,
}

/// A part of a word.
#[derive(Clone, Debug)]
pub enum Part {
    /// Text as it is.
    Text {
        /// The text.
        text: Rc<str>,
        /// Where it stands.
        span: Span,
        /// Whether it stands there byte for byte.
        verbatim: bool,
        /// Whether it is quoted.
        quoting: Quoting,
    },
    /// What cannot be followed.
    Unknown(Arc<Missing>, Span),
    /// `$NAME`, `${NAME…}`.
    Parameter(Rc<Parameter>),
    /// `$(…)`, `` `…` ``, `<(…)`.
    Substitution {
        /// As it is written.
        text: Rc<str>,
        /// Where it stands.
        span: Span,
        /// The commands in it.
        list: Rc<List>,
        /// Whether it is quoted.
        quoting: Quoting,
    },
}

/// The value of a variable in a word.
#[derive(Debug)]
pub struct Parameter {
    /// As it is written.
    pub text: Rc<str>,
    /// Where it stands.
    pub span: Span,
    /// The variable, an argument's number, or one of `@*#?-$!`.
    pub name: Rc<str>,
    /// Which element, where the variable is an array.
    pub index: Index,
    /// Whether it is quoted.
    pub quoting: Quoting,
    /// What is made of the value.
    pub operation: Operation,
}

/// Which elements of an array are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// No index: the value, or the first element.
    None,
    /// `[@]`, `[*]`
    All,
    /// `[2]`
    At(usize),
    /// What is not followed.
    Other,
}

/// What `${NAME…}` makes of the value.
#[derive(Debug)]
pub enum Operation {
    /// Nothing.
    Plain,
    /// `-word`, `:-word`
    Default(Empty, Tree),
    /// `=word`, `:=word`
    Assign(Empty, Tree),
    /// `+word`, `:+word`
    Alternative(Empty, Tree),
    /// `?word`, `:?word`
    Require,
    /// `%word`, `%%word`, `#word`, `##word`
    Trim(Trim, Tree),
    /// What is not followed.
    Other,
}

/// Whether an empty value counts as none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// With a colon.
    IsUnset,
    /// Without.
    IsSet,
}

/// What is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trim {
    /// `#`
    ShortestPrefix,
    /// `##`
    LongestPrefix,
    /// `%`
    ShortestSuffix,
    /// `%%`
    LongestSuffix,
}

impl Tree {
    /// The text, where the word is nothing but text.
    pub fn literal(&self) -> Option<String> {
        let texts = self.parts.iter().map(|part| match part {
            Part::Text { text, .. } => Some(&**text),
            _ => None,
        });
        texts.collect()
    }
}
