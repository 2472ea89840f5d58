//! What `ovs-vsctl` and `ovn-nbctl` command lines do to a database.

pub mod address;
pub mod commit;
pub mod condition;
pub mod generic;
pub mod names;
pub mod nbctl;
pub mod parse;
pub mod release;
pub mod schema;
pub mod store;
pub mod transaction;
pub mod value;
pub mod vsctl;

use crate::read::ovsdb::SchemaName;
use crate::read::ovsdb::datum::{Atom, Uuid};
use crate::read::version::Version;
use crate::source::{Place, Spanned};

use parse::{Line, Wait};
use store::Store;
use transaction::Transaction;
use transaction::flow::Flow;

/// A word of a command line and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, without the shell's quotes.
    pub value: String,
    /// Where it is written.
    pub place: Option<Place>,
}

/// Which program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// `ovs-vsctl`: the Open_vSwitch database of one node.
    Vsctl,
    /// `ovn-nbctl`: the northbound database.
    Nbctl,
}

/// What a command line did.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// What it prints, where that is modelled.
    pub output: String,
    /// What it changed, in order; nothing unless it is done.
    pub changes: Vec<CellChange>,
    /// What of it was understood but cannot be predicted.
    pub unmodelled: Option<String>,
    /// Who has to act before it returns, after the database was changed.
    pub then_waits: Option<&'static str>,
}

/// How a command line ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It ran; the exit status is 0.
    Done,
    /// It was refused; the database is as before.
    Refused(Refusal),
    /// It waits for something that nothing in the inputs brings about; the database is as before.
    Waits(Refusal),
}

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the tool says.
    pub message: String,
    /// The word of the line that it is about.
    pub word: usize,
}

/// One value that is other than before.
#[derive(Clone, Debug, PartialEq)]
pub struct CellChange {
    /// The table.
    pub table: &'static str,
    /// The row.
    pub row: Uuid,
    /// What operators call the row.
    pub record: String,
    /// The column; `_uuid` where the row itself was created or deleted.
    pub column: &'static str,
    /// The key, where the column is a map.
    pub key: Option<Atom>,
    /// The value before; `None`: it was not there.
    pub before: Option<Atom>,
    /// The value after; `None`: it is gone.
    pub after: Option<Atom>,
    /// The words of the command that did it.
    pub place: Option<Place>,
}

/// Runs a command line, without the name of the program, on a database. One line is one transaction: what is
/// refused leaves the database as it was. An unknown version is taken as the newest.
pub fn run(store: &mut Store, tool: Tool, words: &[Word], version: Option<&Version>) -> Outcome {
    match parse::line(tool, words, version) {
        Ok(line) => run_line(store, tool, &line, version),
        Err(refusal) => Outcome::of(Status::Refused(refusal)),
    }
}

/// Runs a command line that was read already.
pub fn run_line(store: &mut Store, tool: Tool, line: &Line, version: Option<&Version>) -> Outcome {
    if line.prints {
        return Outcome::of(Status::Done);
    }
    if line.daemon {
        let mut outcome = Outcome::of(Status::Done);
        outcome.unmodelled = Some("it takes its commands from elsewhere".to_owned());
        return outcome;
    }
    let mut transaction = Transaction::new(store, tool, version);
    transaction.last = line.commands.last().map(|command| command.at);
    let ended = execute(&mut transaction, line);
    let (output, unmodelled) = (
        std::mem::take(&mut transaction.output),
        transaction.unmodelled.take(),
    );
    let (status, changes) = match ended {
        Ok(changes) => (Status::Done, changes),
        Err(Flow::Refused(refusal)) => (Status::Refused(refusal), Vec::new()),
        Err(Flow::Waits(refusal)) => (Status::Waits(refusal), Vec::new()),
    };
    let then_waits = waits(line, &status, &changes);
    let shown = status == Status::Done && !line.formatted;
    Outcome {
        status,
        output: if shown { output } else { String::new() },
        changes,
        unmodelled,
        then_waits,
    }
}

/// Runs the commands and closes the transaction.
fn execute(transaction: &mut Transaction, line: &Line) -> Result<Vec<CellChange>, Flow> {
    let done = commands(transaction, line);
    let done = match done {
        Ok(()) if line.dry_run => {
            transaction.store.undo();
            return Ok(Vec::new());
        }
        Ok(()) => commit::commit(transaction).map_err(|message| {
            let word = line.commands.last().map_or(0, |command| command.at);
            Flow::Refused(Refusal::at(message, word))
        }),
        Err(flow) => Err(flow),
    };
    match done {
        Ok(changes) => {
            transaction.store.keep();
            Ok(changes)
        }
        Err(flow) => {
            transaction.store.undo();
            Err(flow)
        }
    }
}

fn commands(transaction: &mut Transaction, line: &Line) -> Result<(), Flow> {
    match transaction.tool {
        Tool::Vsctl => vsctl::begin(transaction),
        Tool::Nbctl => nbctl::begin(transaction),
    }
    for command in &line.commands {
        generic::prepare(transaction, command).map_err(|flow| flow.within(command.at))?;
    }
    for command in &line.commands {
        transaction.place.clone_from(&command.word(0).place);
        let known = match generic::run(transaction, command) {
            Ok(false) => match transaction.tool {
                Tool::Vsctl => vsctl::run(transaction, command),
                Tool::Nbctl => nbctl::run(transaction, command),
            },
            known => known,
        };
        let sound = |known| {
            transaction.check_sound()?;
            Ok(known)
        };
        let known = known
            .and_then(sound)
            .map_err(|flow: Flow| flow.within(command.at))?;
        if !known {
            let name = command.syntax.name;
            transaction.unsure(format!("what {name} does to the database"));
        }
    }
    transaction
        .check_symbols()
        .map_err(|message| Flow::from(message).within(line.commands[0].at))?;
    if let Some(first) = line.commands.first() {
        generic::check_single(transaction).map_err(|flow| flow.within(first.at))?;
    }
    if transaction.tool == Tool::Nbctl {
        let forced = line
            .commands
            .iter()
            .any(|command| command.syntax.name == "sync");
        nbctl::count(transaction, line.wait, forced);
    } else if !line.no_wait {
        vsctl::count(transaction);
    }
    Ok(())
}

fn waits(line: &Line, status: &Status, changes: &[CellChange]) -> Option<&'static str> {
    let forced = line
        .commands
        .iter()
        .any(|command| command.syntax.name == "sync");
    if *status != Status::Done || line.dry_run || (changes.is_empty() && !forced) {
        return None;
    }
    match line.wait {
        Wait::No => None,
        Wait::Southbound => Some("ovn-northd"),
        Wait::Hypervisors => Some("every ovn-controller"),
    }
}

impl Tool {
    /// The name of the program.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vsctl => "ovs-vsctl",
            Self::Nbctl => "ovn-nbctl",
        }
    }

    /// The database that it changes.
    pub fn database(self) -> SchemaName {
        match self {
            Self::Vsctl => SchemaName::OpenVswitch,
            Self::Nbctl => SchemaName::Northbound,
        }
    }
}

impl Outcome {
    /// Of a command line that did nothing.
    pub fn of(status: Status) -> Self {
        Self {
            status,
            output: String::new(),
            changes: Vec::new(),
            unmodelled: None,
            then_waits: None,
        }
    }
}

impl CellChange {
    /// Whether it is this key of this column.
    pub fn is_key(&self, column: &str, key: &str) -> bool {
        self.column == column && self.key.as_ref().is_some_and(|own| own.to_text() == key)
    }
}

impl Refusal {
    /// A refusal about a word.
    pub fn at(message: impl Into<String>, word: usize) -> Self {
        Self {
            message: message.into(),
            word,
        }
    }
}

impl Word {
    /// A part of the word with its own place, where the word was written as it reads.
    pub fn part(&self, range: std::ops::Range<usize>) -> Option<Place> {
        let place = self.place.as_ref()?;
        let spanned = Spanned::new(self.value.clone(), place.clone());
        Some(spanned.part(range).place)
    }
}

impl From<&str> for Word {
    fn from(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            place: None,
        }
    }
}
