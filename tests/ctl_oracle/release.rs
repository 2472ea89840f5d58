//! The real tools of a release: those of this machine, or those of a root that `.ci/run roots` unpacked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ovnlint::change::ctl::Tool;
use ovnlint::read::version::Version;

/// The real tools of Open vSwitch and OVN.
pub struct Release {
    root: Option<Root>,
}

/// A tree in which the packages are unpacked. Nothing is installed there: its programs run with its own libraries.
struct Root {
    path: PathBuf,
    loader: PathBuf,
    libraries: PathBuf,
}

/// What `.ci/run roots` makes, and which releases it holds at least.
pub const ROOTS: [(&str, [u32; 2], [u32; 2]); 2] =
    [("trixie", [3, 5], [25, 3]), ("sid", [4, 0], [26, 3])];

/// Where the roots are.
fn roots() -> PathBuf {
    let own = std::env::var_os("OVNLINT_ROOTS").map(PathBuf::from);
    own.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("../ci-roots"))
}

/// The first entry of a directory whose name begins and ends so.
fn entry(directory: &Path, beginning: &str, end: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(directory).ok()?.filter_map(Result::ok);
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter().find(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(beginning) && name.ends_with(end)
    })
}

impl Root {
    fn find(name: &str) -> Option<Self> {
        let path = roots().join(name);
        let libraries = entry(&path.join("usr/lib"), "", "-linux-gnu")?;
        // 64-bit machines of one kind have it beside the libraries of all, others among them.
        let loader = entry(&path.join("usr/lib64"), "ld-linux", "")
            .or_else(|| entry(&path.join("usr/lib"), "ld-linux", ""))
            .or_else(|| entry(&libraries, "ld-linux", ""))?;
        Some(Self {
            path,
            loader,
            libraries,
        })
    }
}

impl Release {
    /// That of this machine, where it is installed.
    pub fn host() -> Option<Self> {
        let host = Self { root: None };
        host.complete().then_some(host)
    }

    /// That of a root, where it was made.
    pub fn of_root(name: &str) -> Option<Self> {
        let root = Root::find(name)?;
        let release = Self { root: Some(root) };
        release.complete().then_some(release)
    }

    /// Whether everything is there that is needed.
    fn complete(&self) -> bool {
        let programs = ["ovsdb-server", "ovsdb-tool", "ovsdb-client"];
        let tools = [Tool::Vsctl, Tool::Nbctl];
        programs
            .iter()
            .all(|name| self.output(name, &["--version"]).is_some())
            && tools
                .iter()
                .all(|tool| self.version(*tool).is_some() && self.schema(*tool).exists())
    }

    /// A program of it, to be given arguments.
    pub fn command(&self, program: &str) -> Command {
        let mut command = match &self.root {
            None => Command::new(program),
            Some(root) => {
                let paths = ["usr/bin", "usr/sbin"].map(|directory| root.path.join(directory));
                let mut paths = paths.iter().map(|directory| directory.join(program));
                let mut command = Command::new(&root.loader);
                command.arg("--library-path").arg(&root.libraries);
                command.arg(
                    paths
                        .find(|path| path.exists())
                        .unwrap_or_else(|| program.into()),
                );
                command
            }
        };
        // No configuration and no daemon of this machine takes part.
        for variable in [
            "OVN_NB_DAEMON",
            "OVN_NB_DB",
            "OVN_NBCTL_OPTIONS",
            "OVS_RUNDIR",
        ] {
            command.env_remove(variable);
        }
        command.stdin(Stdio::null());
        command
    }

    /// What a program prints, where it succeeds.
    pub fn output(&self, program: &str, arguments: &[&str]) -> Option<Output> {
        let output = self.command(program).args(arguments).output().ok()?;
        output.status.success().then_some(output)
    }

    /// The version of a tool.
    pub fn version(&self, tool: Tool) -> Option<Version> {
        let output = self.output(tool.name(), &["--version"])?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().next()?.split(' ').next_back()?.parse().ok()
    }

    /// The schema of the database of a tool.
    pub fn schema(&self, tool: Tool) -> PathBuf {
        let file = match tool {
            Tool::Vsctl => "usr/share/openvswitch/vswitch.ovsschema",
            Tool::Nbctl => "usr/share/ovn/ovn-nb.ovsschema",
        };
        let root = self.root.as_ref().map_or(Path::new("/"), |root| &root.path);
        root.join(file)
    }
}
