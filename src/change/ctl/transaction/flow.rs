//! How a command ends where it does not go on.

use super::super::Refusal;

/// Why a command does not go on.
#[derive(Clone, Debug)]
pub enum Flow {
    /// It is refused.
    Refused(Refusal),
    /// It waits.
    Waits(Refusal),
}

/// A word that is not known yet; the runner puts the command's name in its place.
const NO_WORD: usize = usize::MAX;

impl From<String> for Flow {
    fn from(message: String) -> Self {
        Self::Refused(Refusal::at(message, NO_WORD))
    }
}

impl From<&str> for Flow {
    fn from(message: &str) -> Self {
        Self::from(message.to_owned())
    }
}

impl Flow {
    /// It waits for a condition.
    pub fn waits(message: String) -> Self {
        Self::Waits(Refusal::at(message, NO_WORD))
    }

    /// About which word, counted from the beginning of the command.
    #[must_use]
    pub fn word(self, word: usize) -> Self {
        // Marked as counted from the command's name, for `within` to add where that stands.
        self.change(|own| {
            if own == NO_WORD {
                NO_WORD - 1 - word
            } else {
                own
            }
        })
    }

    /// The same, counted from the beginning of the line.
    #[must_use]
    pub fn within(self, at: usize) -> Self {
        self.change(|own| match own {
            NO_WORD => at,
            own => at + (NO_WORD - 1 - own),
        })
    }

    fn change(self, word: impl Fn(usize) -> usize) -> Self {
        let moved = |refusal: Refusal| Refusal {
            word: word(refusal.word),
            ..refusal
        };
        match self {
            Self::Refused(refusal) => Self::Refused(moved(refusal)),
            Self::Waits(refusal) => Self::Waits(moved(refusal)),
        }
    }
}

/// What commands give back.
pub type Done = Result<(), Flow>;
