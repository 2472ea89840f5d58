//! Inputs of any size, each the like of one that once took too long.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha1::{Digest, Sha1};

/// Writes an input of a size into a directory, and gives the arguments of the program.
pub type Input = fn(&Path, usize) -> Vec<String>;

fn arguments(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

fn write(directory: &Path, name: &str, text: impl AsRef<[u8]>) {
    let path = directory.join(name);
    fs::create_dir_all(path.parent().expect("it has a directory")).expect("it can be made");
    fs::write(path, text).expect("it can be written");
}

fn check(directory: &Path, name: &str, text: impl AsRef<[u8]>) -> Vec<String> {
    write(directory, name, text);
    arguments("check . --format json")
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|at| line(at) + "\n").collect()
}

pub fn options_of_an_ini_file(directory: &Path, size: usize) -> Vec<String> {
    let text = lines(size, |at| format!("option_{at} = {at}"));
    check(directory, "neutron.conf", format!("[DEFAULT]\n{text}"))
}

pub fn continued_lines_of_an_ini_file(directory: &Path, size: usize) -> Vec<String> {
    let text = lines(size, |at| format!(" physnet{at},"));
    check(
        directory,
        "ml2_conf.ini",
        format!("[ml2_type_flat]\nflat_networks =\n{text}"),
    )
}

pub fn allow_comments_of_an_ini_file(directory: &Path, size: usize) -> Vec<String> {
    let text = lines(size, |at| {
        format!("# ovnlint: allow(vni_ranges_oversized): known\noption_{at} = 1")
    });
    check(directory, "neutron.conf", format!("[DEFAULT]\n{text}"))
}

/// Marks of templates that are never closed, each of which could be looked for in all that follows.
pub fn template_marks_of_an_ini_file(directory: &Path, size: usize) -> Vec<String> {
    let marks = [
        "{% if",
        "{{",
        "  a, {% b ,",
        "<%",
        "y = @A{{@A",
        "\u{feff}",
        "[{#",
        "z = {{ {{ {{",
    ];
    let text: String = marks
        .iter()
        .cycle()
        .take(size)
        .flat_map(|mark| [mark, "\n"])
        .collect();
    check(directory, "ml2_conf.ini", format!("[ml2]\nx = a,\n{text}"))
}

pub fn findings_of_one_file(directory: &Path, size: usize) -> Vec<String> {
    let text = lines(size, |at| format!("vni_ranges = {}:1", at + 2));
    check(
        directory,
        "ml2_conf.ini",
        format!("[ml2_type_geneve]\n{text}"),
    )
}

/// A log of Open vSwitch with these records after the schema.
fn log(records: &[String]) -> Vec<u8> {
    const SCHEMA: &str = r#"{"name":"Open_vSwitch","version":"8.3.1","tables":{"Bridge":{"columns":{
        "name":{"type":"string"},"protocols":{"type":{"key":"string","min":0,"max":"unlimited"}}}}}}"#;
    let mut log = Vec::new();
    for json in std::iter::once(SCHEMA).chain(records.iter().map(String::as_str)) {
        let hash = Sha1::digest(json);
        let hash: String = hash.iter().fold(String::new(), |mut hash, byte| {
            write!(hash, "{byte:02x}").expect("a text grows");
            hash
        });
        log.extend(format!("OVSDB JSON {} {hash}\n{json}", json.len()).bytes());
    }
    log
}

/// The same row again and again.
pub fn records_of_a_log(directory: &Path, size: usize) -> Vec<String> {
    let record = |at| {
        format!(r#"{{"Bridge":{{"71f81ef4-8f07-4466-965a-41912898b7ae":{{"name":"br{at}"}}}}}}"#)
    };
    let records: Vec<String> = (0..size).map(record).collect();
    check(directory, "os-compute/conf.db", log(&records))
}

/// A set that grows by one element in each record.
pub fn elements_of_a_set(directory: &Path, size: usize) -> Vec<String> {
    let record = |at| {
        format!(
            r#"{{"_is_diff":true,"Bridge":{{"71f81ef4-8f07-4466-965a-41912898b7ae":{{"protocols":"p{at}"}}}}}}"#
        )
    };
    let records: Vec<String> = (0..size).map(record).collect();
    check(directory, "os-compute/conf.db", log(&records))
}

/// What `ovs-vsctl show` prints of a node.
const SHOW: &str = "5342aa9b-7c09-49aa-97d8-69c3a080abbc\n    Bridge br-ex\n        Port br-ex\n            \
                    Interface br-ex\n                type: internal\n";

fn plan(directory: &Path, script: &str) -> Vec<String> {
    write(directory, "site/os-compute/show.txt", SHOW);
    write(directory, "change.sh", script);
    arguments("plan site --node os-compute --script change.sh --format json")
}

pub fn commands_of_a_script_on_other_rows(directory: &Path, size: usize) -> Vec<String> {
    let script = lines(size, |at| {
        format!("ovs-vsctl set bridge br-ex external_ids:key={at}")
    });
    plan(directory, &script)
}

pub fn northbound_commands(directory: &Path, size: usize) -> Vec<String> {
    let script = lines(size, |at| format!("ovn-nbctl ls-add switch{at}"));
    plan(directory, &script)
}

pub fn nested_substitutions_of_a_script(directory: &Path, size: usize) -> Vec<String> {
    let script = lines(size, |at| format!("x{at}=$(echo \"$(echo {at})\")"));
    plan(directory, &format!("{script}ovs-vsctl show\n"))
}
