//! What the action and the README publish: one version, and files as the published schemas want them.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use crate::command_line::Scratch;

const GITHUB: &str = "# .github/workflows/ovnlint.yml\n";
pub const GITLAB: &str = "# .gitlab-ci.yml\novnlint:\n  image:";

fn read(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.replace("\r\n", "\n")
}

/// The block of the README that begins so.
pub fn block(start: &str) -> String {
    let text = read("README.md");
    let (_, after) = text
        .split_once(&format!("```yaml\n{start}"))
        .unwrap_or_else(|| panic!("README.md lacks {start}"));
    let (block, _) = after.split_once("```").expect("it ends");
    format!("{start}{block}")
}

#[test]
fn the_action_and_the_readme_install_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    let action = read("action.yml");
    let (_, input) = action
        .split_once("\n  version:\n")
        .expect("it has the input");
    let (_, default) = input.split_once("    default: ").expect("it has a default");
    assert_eq!(default.lines().next(), Some(&*format!("\"{version}\"")));
    let readme = read("README.md");
    assert!(readme.contains(&format!("\n| `version` | `{version}` |")));
    assert!(block(GITHUB).contains(&format!("uses: ovnlint/ovnlint@v{version}\n")));
    let job = block(GITLAB);
    assert!(job.contains(&format!("OVNLINT: ovnlint-v{version}-x86_64-")));
    assert!(job.contains(&format!("/releases/download/v{version}\n")));
}

#[test]
fn the_readme_names_every_input_and_output() {
    let action = read("action.yml");
    let readme = read("README.md");
    let (declared, _) = action.split_once("\nruns:").expect("it has steps");
    let keys = declared.lines().filter_map(|line| {
        let key = line.strip_prefix("  ")?.strip_suffix(':')?;
        (!key.starts_with(' ')).then_some(key)
    });
    let keys: Vec<_> = keys.collect();
    assert_eq!(keys.len(), 9, "{keys:?}");
    for key in keys {
        assert!(readme.contains(&format!("\n| `{key}` | ")), "{key}");
    }
}

#[test]
fn no_expression_is_pasted_into_a_script() {
    for path in ["action.yml", ".github/workflows/action.yml"] {
        let text = read(path);
        let scripts = text.split("run: ").skip(1);
        for script in scripts {
            let script = script.split("\n      - ").next().expect("the first part");
            let script = script.split("\n    - ").next().expect("the first part");
            assert!(!script.contains("${{"), "{path}: {script}");
        }
    }
}

/// What check-jsonschema says of files; nothing where it is not installed.
fn complaint(schema: &str, files: &[&Path]) -> Option<String> {
    let python = std::env::var_os("OVNLINT_PYTHON").unwrap_or_else(|| "python3".into());
    let output = Command::new(python)
        .args(["-m", "check_jsonschema", "--builtin-schema", schema])
        .args(files)
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
    if said.contains("No module named") {
        return None;
    }
    Some(if output.status.success() {
        String::new()
    } else {
        said
    })
}

#[test]
fn the_published_schemas_take_what_is_published() {
    let scratch = Scratch::new("published");
    scratch.write("workflow.yml", block(GITHUB));
    scratch.write("job.yml", block(GITLAB));
    scratch.write("wrong.yml", "ovnlint: {script: 1, runs: {using: 2}}\n");
    let [workflow, job, wrong] =
        ["workflow.yml", "job.yml", "wrong.yml"].map(|name| scratch.path().join(name));
    let workflows = ["action", "ci", "release"].map(|name| format!(".github/workflows/{name}.yml"));
    let mut ours: Vec<_> = workflows.iter().map(Path::new).collect();
    ours.push(&workflow);
    let cases: [(&str, &[&Path]); 3] = [
        ("vendor.github-actions", &[Path::new("action.yml")]),
        ("vendor.github-workflows", &ours),
        ("vendor.gitlab-ci", &[&job]),
    ];
    for (schema, files) in cases {
        let Some(complaint) = complaint(schema, files) else {
            assert!(
                std::env::var("OVNLINT_LIVE").as_deref() != Ok("1"),
                "python3 with check-jsonschema is needed"
            );
            let _ = writeln!(
                std::io::stderr(),
                "skipped: check-jsonschema is not installed, the action was not validated"
            );
            return;
        };
        assert_eq!(complaint, "", "{schema}");
        let refused = self::complaint(schema, &[&wrong]);
        assert_ne!(refused.as_deref(), Some(""), "{schema} takes anything");
    }
}
