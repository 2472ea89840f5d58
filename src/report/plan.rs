//! What commands would do, before a format writes it.

use std::borrow::Cow;

use crate::report::secrets::{self, everywhere::Everywhere};
use crate::source::Place;
use crate::source::secret::is_secret;

/// Of a command that writes more secrets, no text is shown: to look for each in each is too slow.
const SECRETS: usize = 128;

/// So many secrets are looked for in what speaks of the whole, which quotes names rather than values.
const ALL_SECRETS: usize = 10_000;

/// What commands would do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The answer, in one line.
    pub verdict: String,
    /// How many commands there are, those that reach nothing of a site among them.
    pub all_commands: usize,
    /// How many of them were looked at.
    pub looked_at: usize,
    /// The programs of the others, each once.
    pub passed_over: Vec<String>,
    /// The commands that may reach something, in their order.
    pub commands: Vec<Command>,
    /// What they change in databases.
    pub changes: Vec<Row>,
    /// What that brings about on the nodes, as far as it is no finding: patch ports, tunnels, flows.
    pub reactions: Vec<Reaction>,
    /// How the same is reached without an outage: commands, in order; empty where there is no way, or no need.
    pub safe_way: Vec<String>,
    /// What to say before the safe way, or why there is none.
    pub safe_note: Option<String>,
    /// What becomes of the nodes that were asked for.
    pub watch: Vec<Watched>,
    /// The secrets of the script, which any text of the report may repeat.
    pub hidden: Everywhere,
}

/// One command.
#[derive(Clone, Debug)]
pub struct Command {
    /// Where it stands.
    pub place: Place,
    /// As it reads.
    pub text: String,
    /// Where it runs, where that matters and is known.
    pub node: Option<String>,
    /// What becomes of it: `done`, `reads`, `refused`, `skipped`, `unpredicted`.
    pub outcome: &'static str,
    /// How hard it hits what runs.
    pub impact: Impact,
    /// What it does to what runs, as a phrase: `nothing`.
    pub verdict: String,
}

/// How hard a command hits what runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Impact {
    /// Nothing that runs hears of it.
    Nothing,
    /// Nodes act on it, and nothing stops.
    Harmless,
    /// It cannot be predicted.
    Unknown,
    /// Something stops, or may.
    Interrupts,
}

/// One value that is other than before.
#[derive(Clone, Debug)]
pub struct Row {
    /// The command that does it, as its number in [`Plan::commands`].
    pub command: usize,
    /// The node whose database it is; none for those of OVN.
    pub node: Option<String>,
    /// `Open_vSwitch` or `OVN_Northbound`.
    pub database: &'static str,
    /// The table.
    pub table: String,
    /// What operators call the record.
    pub record: String,
    /// The UUID of the record.
    pub uuid: String,
    /// The column; empty where the record comes or goes as a whole.
    pub field: String,
    /// The key, where the column is a map.
    pub key: Option<String>,
    /// The value before; none where it was not there.
    pub before: Option<String>,
    /// The value after; none where it is gone.
    pub after: Option<String>,
    /// Whether the values are the UUIDs of other records.
    pub refers: bool,
    /// The words that change it.
    pub place: Option<Place>,
}

/// One thing that is made or goes on a node because of a change.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// The command that brings it about, as its number in [`Plan::commands`].
    pub command: usize,
    /// The node.
    pub node: String,
    /// Whether it comes, goes, or is made again.
    pub sign: Sign,
    /// What, as a phrase: `patch ports of ln-physnet2 on br-ex`.
    pub text: String,
    /// The input that would settle whether it does; none where it is certain.
    pub needs: Option<&'static str>,
}

/// Whether something comes, goes, or is other than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It comes: `+`.
    Comes,
    /// It is other than before: `~`.
    Changes,
    /// It goes: `-`.
    Goes,
}

/// What becomes of a node.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The node.
    pub node: String,
    /// Each aspect and what becomes of it.
    pub aspects: Vec<Watch>,
}

/// What becomes of one aspect of a node.
#[derive(Clone, Debug)]
pub struct Watch {
    /// `management`, `provider networks`, `tunnels`, `flows`.
    pub aspect: &'static str,
    /// `kept`, `interrupted`, `lost`, `unknown`.
    pub fate: &'static str,
    /// How it comes back, or what would settle it; empty where it is kept.
    pub how: String,
}

/// The secrets that the changes of a plan hold: its other texts may quote them.
pub struct Secrets<'a> {
    /// Of each command.
    of: Vec<Vec<&'a str>>,
    /// Of all commands.
    all: Vec<&'a str>,
    /// Of the script.
    everywhere: &'a Everywhere,
}

impl Plan {
    /// Every place that it speaks of.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        let commands = self.commands.iter().map(|command| &command.place);
        commands.chain(self.changes.iter().filter_map(|row| row.place.as_ref()))
    }

    /// The secrets among its values.
    pub fn secrets(&self) -> Secrets<'_> {
        let mut of = vec![Vec::new(); self.commands.len()];
        let mut all = Vec::new();
        for row in self.changes.iter().filter(|row| row.is_secret()) {
            let values = row.before.iter().chain(&row.after);
            let values: Vec<&str> = values.flat_map(|value| secrets::quotable(value)).collect();
            all.extend(&values);
            if let Some(own) = of.get_mut(row.command) {
                own.extend(values);
            }
        }
        all.truncate(ALL_SECRETS);
        for values in of.iter_mut().chain([&mut all]) {
            // The longest first, so that a part of another secret leaves nothing of it.
            values
                .sort_unstable_by(|left, right| right.len().cmp(&left.len()).then(left.cmp(right)));
            values.dedup();
        }
        Secrets {
            of,
            all,
            everywhere: &self.hidden,
        }
    }
}

impl Secrets<'_> {
    /// A text that speaks of one command, without secrets.
    pub fn mask(&self, command: usize, text: &str) -> String {
        let own = self.of.get(command).map_or(&[][..], Vec::as_slice);
        if own.len() > SECRETS {
            return "***".to_owned();
        }
        secrets::mask(&self.everywhere.mask(text), own)
    }

    /// A text that may speak of every command, without secrets.
    pub fn mask_all(&self, text: &str) -> String {
        secrets::mask(&self.everywhere.mask(text), &self.all)
    }

    /// A value of a row; `***` where the name of its column or key makes it a secret.
    pub fn value<'v>(&self, row: &Row, value: &'v str) -> Cow<'v, str> {
        if row.is_secret() {
            Cow::Borrowed("***")
        } else {
            Cow::Owned(self.mask(row.command, value))
        }
    }
}

impl Row {
    /// Whether the record comes or goes as a whole.
    pub fn is_whole(&self) -> bool {
        self.field.is_empty()
    }

    fn is_secret(&self) -> bool {
        is_secret(&self.field) || self.key.as_deref().is_some_and(is_secret)
    }

    /// Whether it comes, goes, or is other than before.
    pub fn sign(&self) -> Sign {
        match (&self.before, &self.after) {
            (None, _) => Sign::Comes,
            (_, None) => Sign::Goes,
            _ => Sign::Changes,
        }
    }
}

impl Impact {
    /// `nothing`, `harmless`, `unknown` or `interrupts`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Harmless => "harmless",
            Self::Unknown => "unknown",
            Self::Interrupts => "interrupts",
        }
    }
}

impl Sign {
    /// `+`, `~` or `-`.
    pub fn character(self) -> char {
        match self {
            Self::Comes => '+',
            Self::Changes => '~',
            Self::Goes => '-',
        }
    }
}
