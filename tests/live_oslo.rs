//! The reader of ini files against the real oslo.config: operators' files, and thousands of generated ones.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says what it skipped, and fails where it cannot go on"
)]

#[path = "live_oslo/inputs.rs"]
mod inputs;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use inputs::{Dice, OPTIONS};
use ovnlint::read::oslo::python::NotInteger;
use ovnlint::read::oslo::value::Value;
use ovnlint::read::oslo::{self, OsloFile};
use ovnlint::site::options::Options;
use ovnlint::source::{FileId, Known, Place};
use serde::Deserialize;
use serde_json::{Value as Json, json};

/// Every generated input follows from it; failures print it.
const SEED: u64 = 0x0510_C0F1;

/// The folders of the corpus that hold nothing but ini files of Neutron.
const INI_FOLDERS: [&str; 5] = [
    "ml2_conf/",
    "neutron_conf/",
    "openvswitch_agent/",
    "ovn_metadata_agent/",
    "parse_failures/",
];

const TEXTS: usize = 10_000;
const TYPED: usize = 5_000;
const SERVICES: usize = 2_000;

/// What tests/oslo.py answers.
#[derive(Deserialize)]
struct Answer {
    texts: Vec<Parsed>,
    files: Vec<Parsed>,
    typed: Vec<Typed>,
    services: Vec<Vec<Json>>,
}

/// Sections, their options, and the values of each, up to the first error.
#[derive(Debug, Default, PartialEq, Deserialize)]
struct Parsed {
    sections: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    error: Option<ParseError>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
struct ParseError {
    line: u32,
    message: String,
    text: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Typed {
    list: Vec<String>,
    boolean: Json,
    integer: Option<String>,
}

#[test]
fn agrees_with_oslo_config() {
    let mut dice = Dice(SEED);
    let texts: Vec<_> = (0..TEXTS).map(|_| inputs::ini(&mut dice)).collect();
    let typed: Vec<_> = (0..TYPED).map(|_| inputs::scalar(&mut dice)).collect();
    let services: Vec<_> = (0..SERVICES).map(|_| inputs::service(&mut dice)).collect();
    let files = corpus();
    let request = json!({
        "texts": texts, "typed": typed, "services": services, "files": files, "options": OPTIONS,
    });
    let Some(answer) = ask(&request) else {
        return;
    };
    for (text, parsed) in texts.iter().zip(&answer.texts) {
        let file = oslo::read(FileId(0), text);
        assert_eq!(plain(&file), *parsed, "seed {SEED:#x}: {text:?}");
        assert_places(text, &file);
    }
    for (text, expected) in typed.iter().zip(&answer.typed) {
        assert_typed(text, expected);
    }
    compare_services(&services, &answer.services);
    compare_corpus(&files, &answer.files);
}

/// Runs tests/oslo.py with `python3`, or `$OVNLINT_PYTHON`. `None`, with a line that says so, where oslo.config is not installed.
fn ask(request: &Json) -> Option<Answer> {
    let directory = std::env::temp_dir().join(format!("ovnlint-oslo-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("request.json");
    std::fs::write(&path, request.to_string()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oslo.py");
    let python = std::env::var_os("OVNLINT_PYTHON").unwrap_or_else(|| "python3".into());
    let output = Command::new(python).arg(script).arg(&path).output();
    std::fs::remove_dir_all(&directory).unwrap();
    let Some(output) = output
        .ok()
        .filter(|output| output.status.code() != Some(77))
    else {
        assert!(
            std::env::var("OVNLINT_LIVE").as_deref() != Ok("1"),
            "python3 with oslo.config is needed"
        );
        let _ = writeln!(
            std::io::stderr(),
            "skipped: oslo.config is not installed, nothing was compared with it"
        );
        return None;
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// What oslo.config would have known when it met the first error.
fn plain(file: &OsloFile) -> Parsed {
    let error = file.errors.first();
    let before =
        |place: &Place| error.is_none_or(|error| place.span.start < error.place.span.start);
    let mut sections: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for section in file
        .sections
        .iter()
        .filter(|section| before(&section.header))
    {
        let options = sections.entry(section.name.value.clone()).or_default();
        for entry in section
            .options
            .iter()
            .filter(|entry| before(&entry.key.place))
        {
            options
                .entry(entry.key.value.clone())
                .or_default()
                .push(entry.value.text.clone());
        }
    }
    Parsed {
        sections,
        error: error.map(|error| ParseError {
            line: error.line,
            message: error.message.to_owned(),
            text: error.line_text.clone(),
        }),
    }
}

/// Every name, value and element stands where its place says.
fn assert_places(text: &str, file: &OsloFile) {
    let at = |place: &Place| &text[place.span.range()];
    for section in &file.sections {
        assert_eq!(at(&section.name.place), section.name.value);
        for entry in &section.options {
            assert_eq!(at(&entry.key.place), entry.key.value);
            let value = &entry.value;
            let mut start = 0;
            for line in value.text.split('\n') {
                assert_eq!(
                    at(&value.part(start..start + line.len())),
                    line,
                    "seed {SEED:#x}: {text:?}"
                );
                start += line.len() + 1;
            }
            for item in value
                .list()
                .iter()
                .filter(|item| !item.value.contains('\n'))
            {
                assert_eq!(at(&item.place), item.value, "seed {SEED:#x}: {text:?}");
            }
        }
    }
}

fn assert_typed(text: &str, expected: &Typed) {
    let value = Value::substituted(text.to_owned(), Place::file(FileId(0)));
    let list: Vec<_> = value.list().into_iter().map(|item| item.value).collect();
    assert_eq!(list, expected.list, "seed {SEED:#x}: {text:?}");
    let boolean = value.boolean().map_or("refused".into(), Json::from);
    assert_eq!(boolean, expected.boolean, "seed {SEED:#x}: {text:?}");
    let integer = match value.integer() {
        Ok(number) => number.map(|number| number.to_string()),
        Err(NotInteger::Malformed) => Some("refused".to_owned()),
        Err(NotInteger::TooBig) => expected.integer.clone().filter(|number| number.len() > 18),
    };
    assert_eq!(integer, expected.integer, "seed {SEED:#x}: {text:?}");
}

fn compare_services(services: &[Vec<String>], answers: &[Vec<Json>]) {
    let mut too_many = 0;
    for (texts, answers) in services.iter().zip(answers) {
        let files = texts
            .iter()
            .map(|text| Arc::new(oslo::read(FileId(0), text)));
        let options = Options {
            files: files.collect(),
            whole: true,
        };
        for ((section, option, kind, _), expected) in OPTIONS.iter().zip(answers) {
            let read = match *kind {
                "boolean" => options
                    .boolean(section, option)
                    .map(|is| if is { "True" } else { "False" }.to_owned()),
                "integer" => options
                    .integer(section, option)
                    .map(|number| number.to_string()),
                _ => options.text(section, option),
            };
            let context = format!("seed {SEED:#x}: {section}/{option} is {read:?} of {texts:?}");
            match read {
                Known::Seen(value) => assert_eq!(value.value, *expected, "{context}"),
                Known::Absent(_) => assert_eq!("UNSET", *expected, "{context}"),
                // Longer chains than operators write are given up.
                Known::Unsure(_, why) if why.contains("too many") && expected.is_string() => {
                    too_many += 1;
                }
                Known::Unsure(_, "no number is given") => assert!(expected.is_null(), "{context}"),
                Known::Unsure(..) => {
                    let default = expected.as_str().is_some_and(|text| text.contains("UNSET"));
                    assert!(default || expected.is_object(), "{context}, not {expected}");
                }
                Known::Unseen => panic!("{context}"),
            }
        }
    }
    assert!(
        too_many * 100 < services.len() * OPTIONS.len(),
        "{too_many} chains were given up"
    );
}

/// Operators' files beside the project, where they are; read in place, never copied.
fn corpus() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let files = walkdir::WalkDir::new(&root)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok);
    let files = files
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path);
    let is_ini = |path: &PathBuf| {
        let below = path
            .strip_prefix(&root)
            .expect("it was found below the root")
            .to_string_lossy();
        let by_name = [".ini", ".conf", ".j2"]
            .iter()
            .any(|part| below.contains(part));
        by_name || INI_FOLDERS.iter().any(|folder| below.starts_with(folder))
    };
    let files: Vec<_> = files.filter(is_ini).collect();
    if files.is_empty() {
        let _ = writeln!(std::io::stderr(), "skipped: no corpus beside the project");
    }
    files
}

fn compare_corpus(files: &[PathBuf], answers: &[Parsed]) {
    let (mut templated, mut rescued) = (0, 0);
    for (path, expected) in files.iter().zip(answers) {
        let bytes = std::fs::read(path).unwrap();
        let path = path.to_string_lossy();
        let Ok(text) = oslo::decode(&bytes) else {
            let message = expected.error.as_ref().map(|error| error.message.as_str());
            assert_eq!(message, Some("undecodable"), "{path}");
            continue;
        };
        let file = oslo::read(FileId(0), text);
        assert_places(text, &file);
        if !file.templated {
            assert_eq!(plain(&file), *expected, "{path}");
            continue;
        }
        // Elsewhere lie templates of JSON, YAML and inventories.
        let refused = expected.error.is_some();
        if !refused || INI_FOLDERS.iter().any(|folder| path.contains(folder)) {
            assert_eq!(file.errors, [], "{path}");
        }
        if !refused {
            compare_templated(&file, expected, &path);
        }
        templated += 1;
        rescued += usize::from(refused && file.errors.is_empty());
    }
    println!(
        "compared {} files; {templated} are templated, of which {rescued} can be read that oslo.config refuses",
        files.len()
    );
}

/// oslo.config takes the marks for text: the rest has to be the same.
fn compare_templated(file: &OsloFile, expected: &Parsed, path: &str) {
    let mut ours = BTreeSet::new();
    for section in &file.sections {
        for entry in &section.options {
            ours.insert((section.name.value.as_str(), entry.key.value.as_str()));
            if entry.unsure.is_none() {
                let values = expected
                    .sections
                    .get(&section.name.value)
                    .and_then(|options| options.get(&entry.key.value));
                assert!(
                    values.is_some_and(|values| values.contains(&entry.value.text)),
                    "{path}: {entry:?}"
                );
            }
        }
    }
    let is_marked = |key: &str| {
        ["{{", "{%", "{#", "<%"]
            .iter()
            .any(|mark| key.contains(mark))
    };
    let expected = expected.sections.iter().flat_map(|(section, options)| {
        options
            .keys()
            .map(move |key| (section.as_str(), key.as_str()))
    });
    for name in expected.filter(|(_, key)| !is_marked(key)) {
        assert!(ours.contains(&name), "{path}: {name:?} is missing");
    }
}
