//! What commands would do, before a format writes it.

use crate::source::Place;

/// What commands would do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The answer, in one line.
    pub verdict: String,
    /// The commands, in their order.
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
    /// What it does to what runs, as a phrase; `nothing`.
    pub verdict: String,
}

/// One value that is other than before.
#[derive(Clone, Debug)]
pub struct Row {
    /// The node whose database it is; none for those of OVN.
    pub node: Option<String>,
    /// `Open_vSwitch` or `OVN_Northbound`.
    pub database: &'static str,
    /// The table.
    pub table: String,
    /// The record.
    pub record: String,
    /// The column; empty where the record comes or goes as a whole.
    pub field: String,
    /// The key, where the column is a map.
    pub key: Option<String>,
    /// The value before; none where it was not there.
    pub before: Option<String>,
    /// The value after; none where it is gone.
    pub after: Option<String>,
    /// The words that change it.
    pub place: Option<Place>,
}

/// One thing that is made or goes on a node because of a change.
#[derive(Clone, Debug)]
pub struct Reaction {
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

impl Row {
    /// Whether it comes, goes, or is other than before.
    pub fn sign(&self) -> Sign {
        match (&self.before, &self.after) {
            (None, _) => Sign::Comes,
            (_, None) => Sign::Goes,
            _ => Sign::Changes,
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
