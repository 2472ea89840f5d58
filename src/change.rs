//! What commands do: the step from the site before to the site after.

pub mod ctl;
pub mod program;
