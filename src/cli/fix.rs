//! `ovnlint check --fix`, `--diff` and `--unsafe-fixes`: writes what findings say, or shows what would be written.

use crate::finding::Finding;
use crate::finding::words::first_of;
use crate::fix::{self, Fixed, Found, Wanted};
use crate::read::Texts;
use crate::report::patch::{self, Changed};
use crate::report::{Report, Status, escape, steps};

use super::checked::Checked;
use super::output::{Printed, Trouble};
use super::replace::{Rewrite, rewrite};
use super::{Check, Outcome, Surroundings};

/// So many edited files are named.
const NAMES: usize = 20;

/// How files are edited.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Fixing")]
pub struct Fixing {
    /// Edits ini and TOML files as the findings say, where that is safe, and reports what remains.
    ///
    /// An edit is safe where everything else keeps its meaning. Each file is replaced as a whole. Databases are left
    /// alone: the answer ends with the commands to run on each node, and what each disrupts. With --against only
    /// what the change brings is put right, unless --all.
    #[arg(long, group = "rewriting")]
    fix: bool,
    /// Prints what --fix would write, as a patch for `git apply` or `patch -p1`, and writes nothing.
    ///
    /// The commands to run come first, as comments. A change beside a secret, which is not shown, is a comment too.
    /// The exit code is that of the site as it is.
    #[arg(long, group = "rewriting", conflicts_with_all = ["formats", "coverage"])]
    diff: bool,
    /// With --fix or --diff, also makes edits that are only probably what was meant. Read the diff.
    #[arg(long, requires = "rewriting")]
    unsafe_fixes: bool,
}

impl Fixing {
    /// Whether edits are to be made or shown.
    pub fn asked(&self) -> bool {
        self.fix || self.diff
    }

    fn wanted(&self) -> Wanted {
        if self.unsafe_fixes {
            Wanted::All
        } else {
            Wanted::Safe
        }
    }
}

/// Edits in memory until nothing changes; then writes each file once, or shows the difference.
pub fn run(check: &Check, surroundings: &Surroundings) -> Result<Outcome, Trouble> {
    let mut first = None;
    let mut steps = Vec::new();
    let fixed = fix::fixed(check.fixing.wanted(), |texts| {
        let checked = Checked::read(check, surroundings, texts)?;
        first.get_or_insert(checked.code());
        let report = checked.report();
        steps = steps::lines(&report);
        let findings = to_fix(report);
        let sources = checked.into_sources();
        Ok::<_, Trouble>(Found { sources, findings })
    })?;
    if check.fixing.fix {
        return written(&fixed, check, surroundings);
    }
    let changed = fixed.files.values().map(|file| Changed {
        path: &file.path,
        before: &file.before,
        after: &file.after,
    });
    let changed: Vec<Changed> = changed.collect();
    Ok(check.nothing.taken(Outcome {
        text: Printed::report(patch::render(
            &changed,
            &steps,
            surroundings.reader,
            surroundings.colour,
        )),
        complaints: Vec::new(),
        code: first.expect("it was linted at least once"),
    }))
}

/// What is there now; what the change resolved lies in the site before.
fn to_fix(report: Report) -> Vec<Finding> {
    let reported = report.findings.into_iter();
    let there = reported.filter(|reported| reported.status != Status::Resolved);
    there.map(|reported| reported.finding).collect()
}

/// Writes the files, and reports what a new look at them finds.
fn written(fixed: &Fixed, check: &Check, surroundings: &Surroundings) -> Result<Outcome, Trouble> {
    let (mut edited, mut refused) = (Vec::new(), Vec::new());
    for group in fixed.groups() {
        let rewrites = group.iter().map(|file| {
            let rewritten = &fixed.files[*file];
            Rewrite {
                file,
                shown: &rewritten.path,
                before: &rewritten.before,
                after: &rewritten.after,
            }
        });
        let rewrites: Vec<Rewrite> = rewrites.collect();
        match rewrite(&rewrites) {
            Ok(()) => edited.extend(rewrites.iter().map(|rewrite| rewrite.shown)),
            Err(sentence) => refused.push(sentence),
        }
    }
    let checked = Checked::read(check, surroundings, &Texts::new())?;
    let mut outcome = checked.written(check, surroundings);
    if check.formats.show_text() {
        let said = said(&edited, &steps::lines(&checked.report()));
        outcome.text.extend(&Printed::lines(&said));
    }
    if !refused.is_empty() {
        outcome.code = 2;
        outcome.complaints.extend(refused);
    }
    Ok(outcome)
}

/// What was written, and what a person has to run.
fn said(edited: &[&str], steps: &[String]) -> String {
    let mut said = match edited {
        [] => "no file was edited\n".to_owned(),
        [one] => format!("edited {}\n", escape::log_line(one)),
        several => {
            let names = escape::log_line(&first_of(several, NAMES));
            format!("edited {} files: {names}\n", several.len())
        }
    };
    if !steps.is_empty() {
        said.push('\n');
    }
    for line in steps {
        said += &format!("{line}\n");
    }
    said
}
