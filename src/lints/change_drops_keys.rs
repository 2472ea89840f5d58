//! Placeholder until its page is written.

use crate::change::Change;
use crate::finding::Findings;

pub fn check(_: &Change, _: &mut Findings) {}
