//! `ovnlint snapshot` on the command line.

use std::path::PathBuf;

use crate::cli::Outcome;
use crate::cli::output::{Printed, Trouble};
use crate::cli::terminal::Detail;
use crate::snapshot::{self, Request};

/// The options.
#[derive(Debug, clap::Args)]
pub struct Snapshot {
    /// Where to: the node's files go into DIR/HOSTNAME. A snapshot that is there is replaced, nothing else is.
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// Where Open vSwitch has its sockets [default: $OVS_RUNDIR, else /var/run/openvswitch]
    #[arg(long, value_name = "PATH")]
    ovs_rundir: Option<PathBuf>,
    /// Where OVN has its sockets [default: $OVN_RUNDIR, else /var/run/ovn]
    #[arg(long, value_name = "PATH")]
    ovn_rundir: Option<PathBuf>,
    /// Reads /etc, /run, /usr, /lib and /proc below this directory.
    #[arg(long, value_name = "PATH", default_value = "/")]
    root: PathBuf,
}

/// Collects, and says what was written, unless it is to be quiet, and what was not.
pub fn taken(arguments: Snapshot, detail: Detail) -> Result<Outcome, Trouble> {
    let directory = |option: Option<PathBuf>, variable: &str, default: &str| {
        let of_environment = || std::env::var_os(variable).filter(|path| !path.is_empty());
        option.unwrap_or_else(|| of_environment().map_or(default.into(), PathBuf::from))
    };
    let snapshot = snapshot::take(&Request {
        directory: arguments.directory,
        root: arguments.root,
        ovs_rundir: directory(arguments.ovs_rundir, "OVS_RUNDIR", "/var/run/openvswitch"),
        ovn_rundir: directory(arguments.ovn_rundir, "OVN_RUNDIR", "/var/run/ovn"),
    })
    .map_err(|why| Trouble::several(why.lines().map(str::to_owned)))?;
    let mut text = format!("{}\n", snapshot.directory.to_string_lossy());
    for path in &snapshot.written {
        text += &format!("  {}\n", path.to_string_lossy());
    }
    let complaints = snapshot
        .failed
        .iter()
        .map(|why| format!("not collected: {why}"));
    Ok(Outcome {
        text: match detail {
            Detail::Quiet => Printed::default(),
            Detail::Normal | Detail::Verbose => Printed::lines(&text),
        },
        complaints: complaints.collect(),
        code: 0,
    })
}
