//! Commands of other programs.

use crate::change::Step;
use crate::change::target::NoNode;
use crate::read::script::Invocation;

use super::Run;

impl Run<'_> {
    pub(super) fn other(&mut self, _: &Invocation, _: &mut Step) -> Result<(), NoNode> {
        Ok(())
    }
}
