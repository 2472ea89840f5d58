//! What each target begins with: the examples of the project.

use std::fs;
use std::path::{Path, PathBuf};

use crate::targets::FILE;

/// Above this a seed slows a fuzzer down more than it helps.
const LARGEST: usize = 64 << 10;

/// The seeds of a target, out of `testdata` and `lints`.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    let seeds: Vec<Vec<u8>> = match target {
        "ini" => with_ending(&["ini", "conf"]),
        "database" => below(&["testdata/forms", "testdata/ovsdb", "testdata/ovn", "lints"])
            .into_iter()
            .filter(|path| !is_one_of(path, &["md", "toml", "ini", "conf", "sh"]))
            .map(|path| read(&path))
            .collect(),
        "host" => host(),
        "command" => commands(),
        "script" => scripts(),
        "fix" | "check" => examples().iter().map(|site| joined(site)).collect(),
        "plan" => plans(),
        _ => panic!("no target {target}"),
    };
    seeds
        .into_iter()
        .filter(|seed| seed.len() <= LARGEST)
        .collect()
}

/// Files of the project below a directory, whole.
pub fn contents(directory: &str) -> Vec<Vec<u8>> {
    below(&[directory]).iter().map(|path| read(path)).collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files below directories of the project, in order.
fn below(directories: &[&str]) -> Vec<PathBuf> {
    let walked = directories
        .iter()
        .flat_map(|directory| walkdir::WalkDir::new(root().join(directory)).sort_by_file_name());
    let entries = walked.map(|entry| entry.expect("a directory of the project"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(walkdir::DirEntry::into_path).collect()
}

fn is_one_of(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| endings.contains(&ending))
}

fn with_ending(endings: &[&str]) -> Vec<Vec<u8>> {
    let files = below(&["testdata", "lints"]);
    let files = files.iter().filter(|path| is_one_of(path, endings));
    files.map(|path| read(path)).collect()
}

/// The first byte chooses the reader.
fn chosen(choice: u8, texts: Vec<Vec<u8>>) -> impl Iterator<Item = Vec<u8>> {
    texts.into_iter().map(move |mut text| {
        text.insert(0, b'0' + choice);
        text
    })
}

fn host() -> Vec<Vec<u8>> {
    // `0` is 48, which 6 divides.
    let units = below(&["testdata", "lints"]);
    let units = units
        .iter()
        .filter(|path| is_one_of(path, &["service", "conf"]));
    let units: Vec<Vec<u8>> = units.map(|path| read(path)).collect();
    let printed = below(&["testdata/ip"])
        .iter()
        .map(|path| read(path))
        .collect();
    chosen(0, with_ending(&["toml"]))
        .chain(chosen(1, with_ending(&["toml"])))
        .chain(chosen(2, units.clone()))
        .chain(chosen(3, units))
        .chain(chosen(4, with_ending(&["toml"])))
        .chain(chosen(5, printed))
        .collect()
}

/// The command lines of the recordings, 16 a seed.
fn commands() -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    for path in below(&["testdata/ctl"]) {
        if !is_one_of(&path, &["jsonl"]) {
            continue;
        }
        let text = String::from_utf8(read(&path)).expect("a recording is text");
        for line in text.lines() {
            let case: serde_json::Value =
                serde_json::from_str(line).expect("a line of a recording");
            let Some(words) = case["argv"].as_array() else {
                continue;
            };
            let words = words
                .iter()
                .map(|word| word.as_str().expect("a word").replace(' ', "\\x20"));
            lines.push(words.collect::<Vec<_>>().join(" "));
        }
    }
    lines
        .chunks(16)
        .map(|chunk| chunk.join("\n").into_bytes())
        .collect()
}

fn scripts() -> Vec<Vec<u8>> {
    // `0` is 48, which 4 divides.
    chosen(0, with_ending(&["sh"]))
        .chain(chosen(1, with_ending(&["yml", "yaml"])))
        .chain(chosen(2, with_ending(&["md"])))
        .collect()
}

/// The sites of the lints' examples.
fn examples() -> Vec<PathBuf> {
    let lints = fs::read_dir(root().join("lints")).expect("the lints");
    let mut lints: Vec<PathBuf> = lints.map(|lint| lint.expect("a lint").path()).collect();
    lints.sort_unstable();
    let sites = lints
        .iter()
        .flat_map(|lint| [lint.join("bad"), lint.join("good")]);
    sites.filter(|site| site.is_dir()).collect()
}

/// The files of a site as one input.
fn joined(site: &Path) -> Vec<u8> {
    let mut input = Vec::new();
    for path in below(&[site.to_str().expect("a path of the project")]) {
        let name = path.strip_prefix(site).expect("it lies below").display();
        input.extend(format!("{FILE}{name}\n").bytes());
        input.extend(read(&path));
        input.push(b'\n');
    }
    input
}

/// The changes of the lints' examples, each with its site, and all of `testdata/plan` on the recorded site.
fn plans() -> Vec<Vec<u8>> {
    let own = examples().into_iter().filter_map(|site| {
        let script = fs::read(site.join("change.sh")).ok()?;
        let mut input = format!("{FILE}change.sh\n").into_bytes();
        input.extend(script);
        input.push(b'\n');
        input.extend(joined(&site));
        Some(input)
    });
    let scripts = below(&["testdata", "lints"]);
    let scripts = scripts
        .iter()
        .filter(|path| is_one_of(path, &["sh", "yml", "md"]));
    let alone = scripts.map(|path| {
        let name = path
            .file_name()
            .expect("a file")
            .to_str()
            .expect("a name of the project");
        let mut input = format!("{FILE}{name}\n").into_bytes();
        input.extend(read(path));
        input
    });
    own.chain(alone).collect()
}
