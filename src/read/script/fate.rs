//! What becomes of each command of a script: none is passed over.

/// What a command ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is one of [`Script::commands`](super::Script::commands), and is judged there.
    GivenOut,
    /// It reaches nothing of a site: why.
    Harmless(&'static str),
    /// It runs other commands, each of which has a fate of its own: `sudo`, `eval`, a function.
    Runs,
    /// It concerns the shell alone: `cd`, `set`, an assignment.
    Shell,
}

/// How many commands ended in which fate, loops unrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Given out.
    pub given_out: usize,
    /// Known to reach nothing of a site.
    pub harmless: usize,
    /// Run others.
    pub running: usize,
    /// Concern the shell alone.
    pub shell: usize,
}

impl Account {
    /// Counts a command.
    pub fn add(&mut self, fate: Fate) {
        let count = match fate {
            Fate::GivenOut => &mut self.given_out,
            Fate::Harmless(_) => &mut self.harmless,
            Fate::Runs => &mut self.running,
            Fate::Shell => &mut self.shell,
        };
        *count += 1;
    }

    /// Every command that was come by.
    pub fn total(&self) -> usize {
        self.given_out + self.harmless + self.running + self.shell
    }
}
