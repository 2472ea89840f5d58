//! What no report may give away, and what it must give whole.

use crate::finding::{Finding, Level};
use crate::report::json;
use crate::report::tests::cases::{at, report, reported};
use crate::report::tests::{formats, plain};
use crate::source::{Place, Sources};

/// Values that their lines do not name: below the name, in a string over several lines, behind a flag.
#[test]
fn no_secret_apart_from_its_name_gets_out() {
    let files = [
        (
            "topology.toml",
            "password = \"\"\"\nhunter1\n\"\"\"\nadmin_pw = '''\n# hunter2\n'''\nroles = 1\n",
        ),
        (
            "os-compute/etc/default/openvswitch-switch",
            "FOO=\"--password hunter3 --os-password hunter4\"\nBAR='--token hunter5'\nMYSQL_PWD=hunter6\nA=1 DB_PASSWD=hunter7 B=1\n",
        ),
        (
            "os-control/etc/systemd/system/neutron-server.service",
            "[Service]\nEnvironment=\"MYSQL_PWD=hunter8 hunter9\"\nExecStart=/x --token \\\n    hunter10 \\\n    --os-password hunter11\n",
        ),
        (
            "neutron.conf",
            "[DEFAULT]\npassword\n= hunter12\nneutron_user_pw = hunter13\npassphrase :\nhunter14\nverbose = true\n",
        ),
    ];
    let mut sources = Sources::default();
    let mut findings = Vec::new();
    for (path, text) in files {
        let file = sources.add(path, text);
        let mut start = 0;
        // Each line alone, so that the others are its context, and each word of it in a message.
        for line in text.lines() {
            let place = Place::text(file, start..start + line.len());
            let word = line
                .split(['=', ' ', '"', '\'', '\\'])
                .find(|word| word.starts_with("hunter"));
            let message = format!("`{}` is wrong", word.unwrap_or("x"));
            findings.push(reported(
                "l",
                "",
                Finding::new(Level::Error, "s", message, &place, line),
            ));
            start += line.len() + 1;
        }
    }
    let report = report(&sources, findings);
    for (name, shown) in formats::every(&report) {
        assert!(!shown.contains("hunter"), "{name}: {shown}");
    }
    let (text, json) = (plain(&report), json::render(&report));
    for readable in [
        "roles = 1",
        "--os-password",
        "verbose = true",
        "ExecStart=/x",
        "MYSQL_PWD=",
    ] {
        assert!(
            text.contains(readable) && json.contains(readable),
            "{readable}"
        );
    }
}

/// What is written into a file is the text itself, or nothing: stars would become the file's content.
#[test]
fn edits_are_whole_or_not_there() {
    let text = "[profiler]\nenabled = yes # x password=abc\n[DEFAULT]\npassword = old\n  more\nverbose=on\n";
    let mut sources = Sources::default();
    let ini = sources.add("neutron.conf", text);
    let place = at(&sources, ini, "enabled");
    let edits = |edits: &[(&str, &str)]| {
        let mut finding = Finding::new(Level::Error, "s", "m", &place, "here");
        for (needle, replacement) in edits {
            finding = finding.edit(true, &at(&sources, ini, needle), *replacement);
        }
        let report = report(&sources, Vec::from([reported("l", "", finding)]));
        let json: serde_json::Value =
            serde_json::from_str(&json::render(&report)).expect("valid JSON");
        let fix = &json["findings"][0]["fix"];
        let given = fix["edits"].as_array().expect("a list").iter();
        let given: Vec<String> = given
            .map(|edit| edit["replacement"].as_str().expect("a text").to_owned())
            .collect();
        (given, fix["safe"] == true, plain(&report))
    };
    let (given, safe, shown) = edits(&[(" # x password=abc", "")]);
    assert_eq!((given, safe), (Vec::from([String::new()]), true));
    assert!(shown.contains("delete ` # x password=***`"), "{shown}");
    for (needle, replacement) in [
        ("yes # x password=abc", "yes"),
        ("password = old\n  more\n", ""),
        ("verbose", "de\u{1b}bug"),
        ("password", "passwort"),
    ] {
        let (given, safe, _) = edits(&[(needle, replacement)]);
        assert_eq!((given, safe), (Vec::from([replacement.to_owned()]), true));
    }
    for (needle, replacement) in [
        ("old", "NEW"),
        ("ld", "NEW"),
        ("more", "NEW"),
        ("verbose=on", "admin_pw = NEW"),
        ("on", "on --password NEW"),
        ("yes", "abc"),
        (" = old", " = NEW"),
    ] {
        let (given, safe, shown) = edits(&[(needle, replacement), ("[DEFAULT]", "[default]")]);
        assert_eq!(
            (given, safe),
            (Vec::from(["[default]".to_owned()]), false),
            "{replacement}"
        );
        assert!(!shown.contains("NEW"), "{shown}");
        assert!(
            shown.contains("write a secret, which is not shown"),
            "{shown}"
        );
    }
}
