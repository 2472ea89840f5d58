//! What a plan must look like, and what must never be in it.

use crate::report::plan::{Command, Impact, Plan, Reaction, Row, Sign, Watch, Watched};
use crate::report::secrets::everywhere::Everywhere;
use crate::report::text::{self, Colour};
use crate::report::{Compared, Report, escape, json};
use crate::source::{FileId, Place, Sources};

const HOSTILE: &str = "br-\u{1b}[2J\u{202e}x ##[error]\n::error::";

fn command(text: &str, impact: Impact, verdict: &str) -> Command {
    Command {
        place: Place::text(FileId(0), 0..1),
        text: text.to_owned(),
        node: None,
        outcome: "done",
        impact,
        verdict: verdict.to_owned(),
    }
}

fn row(
    command: usize,
    record: &str,
    field: &str,
    before: Option<&str>,
    after: Option<&str>,
) -> Row {
    Row {
        command,
        node: None,
        database: "OVN_Northbound",
        table: "Logical_Switch_Port".to_owned(),
        record: record.to_owned(),
        uuid: format!("uuid of {record}"),
        field: field.to_owned(),
        key: None,
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
        refers: false,
        place: None,
    }
}

fn keyed(key: &str, row: Row) -> Row {
    Row {
        key: Some(key.to_owned()),
        ..row
    }
}

fn rendered(plan: Plan) -> (String, String) {
    let (plain, _, json) = formats(plan);
    (plain, json)
}

/// Without colour, with colour, as JSON.
fn formats(plan: Plan) -> (String, String, String) {
    let mut sources = Sources::default();
    sources.add("change.sh", "ovn-nbctl show\n");
    let report = Report {
        sources: &sources,
        findings: Vec::new(),
        coverage: None,
        ages: Vec::new(),
        files: 1,
        nodes: 1,
        plan: Some(plan),
        silenced: crate::report::Silenced::default(),
        division: None,
        compared: Compared::Yes,
    };
    let plain = text::render(&report, Colour::Plain, 100);
    let coloured = text::render(&report, Colour::Ansi, 100);
    (plain, coloured, json::render(&report))
}

/// The lines from a heading to the next blank one.
fn part<'t>(text: &'t str, heading: &str) -> Vec<&'t str> {
    let lines = text.lines().skip_while(|line| *line != heading);
    lines.skip(1).take_while(|line| !line.is_empty()).collect()
}

#[test]
fn nothing_that_a_terminal_or_a_log_reader_obeys_gets_out() {
    let reaction = Reaction {
        command: 0,
        node: HOSTILE.to_owned(),
        sign: Sign::Comes,
        text: HOSTILE.to_owned(),
        needs: None,
    };
    let watch = Watch {
        aspect: "management",
        fate: "lost",
        how: HOSTILE.to_owned(),
    };
    let (text, json) = rendered(Plan {
        hidden: Everywhere::default(),
        all_commands: 1,
        looked_at: 1,
        passed_over: Vec::new(),
        verdict: HOSTILE.to_owned(),
        commands: vec![Command {
            node: Some(HOSTILE.to_owned()),
            ..command(HOSTILE, Impact::Interrupts, HOSTILE)
        }],
        changes: vec![
            Row {
                node: Some(HOSTILE.to_owned()),
                ..row(0, HOSTILE, "type", Some(HOSTILE), Some("a"))
            },
            keyed(HOSTILE, row(0, HOSTILE, "options", None, Some(HOSTILE))),
            row(0, HOSTILE, "", None, Some("uuid")),
        ],
        reactions: vec![reaction],
        safe_way: vec![HOSTILE.to_owned()],
        safe_note: Some(HOSTILE.to_owned()),
        watch: vec![Watched {
            node: HOSTILE.to_owned(),
            aspects: vec![watch],
        }],
    });
    for shown in [&text, &json] {
        let obeyed = |character: &char| escape::is_hostile(*character) && *character != '\n';
        assert_eq!(shown.chars().find(obeyed), None, "{shown}");
        assert!(!shown.contains("##["), "{shown}");
        let mut starts = shown.lines().map(str::trim_start);
        assert!(!starts.any(|line| line.starts_with("::")), "{shown}");
    }
    let json: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
    assert_eq!(json["plan"]["commands"][0]["text"], HOSTILE);
    assert_eq!(json["plan"]["changes"][1]["key"], HOSTILE);
}

#[test]
fn secrets_in_changes_are_shown_nowhere() {
    let secret = "geheim77";
    let quoting = format!("moves {secret} on os-compute1");
    let plan = Plan {
        hidden: Everywhere::default(),
        all_commands: 1,
        looked_at: 1,
        passed_over: Vec::new(),
        verdict: quoting.clone(),
        commands: vec![command(
            &format!(
                "ovs-vsctl set open . 'external_ids={{x-password={secret}}}' && echo {secret}"
            ),
            Impact::Interrupts,
            &quoting,
        )],
        changes: vec![
            keyed(
                "x-password",
                row(0, ".", "external_ids", Some("altgeheim"), Some(secret)),
            ),
            keyed(
                "note",
                row(
                    0,
                    ".",
                    "external_ids",
                    None,
                    Some("rabbit://u:altgeheim@a/"),
                ),
            ),
        ],
        reactions: vec![Reaction {
            command: 0,
            node: "os-compute1".to_owned(),
            sign: Sign::Changes,
            text: quoting.clone(),
            needs: None,
        }],
        safe_way: vec![quoting.clone()],
        safe_note: Some(quoting.clone()),
        watch: vec![Watched {
            node: "os-compute1".to_owned(),
            aspects: vec![Watch {
                aspect: "flows",
                fate: "lost",
                how: quoting,
            }],
        }],
    };
    let (text, json) = rendered(plan);
    assert!(!text.contains("geheim"), "{text}");
    assert!(!json.contains("geheim"), "{json}");
    assert!(
        text.contains("external_ids:x-password: *** -> ***"),
        "{text}"
    );
    assert!(
        text.contains("external_ids:note: rabbit://***@a/"),
        "{text}"
    );
}

#[test]
fn colour_changes_nothing_but_colour() {
    let watch = |fate| Watch {
        aspect: "tunnels",
        fate,
        how: "until somebody acts".to_owned(),
    };
    let (plain, coloured, _) = formats(Plan {
        verdict: "this cuts the management network of os-network ".repeat(4),
        commands: vec![
            command("ovs-vsctl del-br br-ex", Impact::Interrupts, "cuts"),
            command("ovs-vsctl show", Impact::Unknown, "cannot be predicted"),
            command("true", Impact::Harmless, "changes nothing"),
        ],
        changes: vec![row(0, "a", "type", Some("vtep"), Some("localnet"))],
        watch: vec![Watched {
            node: "os-network".to_owned(),
            aspects: vec![watch("lost"), watch("kept")],
        }],
        ..Plan::default()
    });
    let bare: Vec<&str> = coloured.split('\u{1b}').collect();
    let bare = bare.iter().enumerate().map(|(number, part)| match number {
        0 => *part,
        _ => part.split_once('m').expect("colours end with m").1,
    });
    let bare = bare.collect::<String>();
    let bare: Vec<&str> = bare.lines().map(str::trim_end).collect();
    assert_eq!(bare, plain.lines().collect::<Vec<_>>());
    assert!(coloured.starts_with("\u{1b}[1;31mthis cuts"), "{coloured}");
}

/// Each text would be searched for each secret.
#[test]
fn a_command_of_very_many_secrets_is_not_shown() {
    let secrets: Vec<String> = (0..5_000).map(|number| format!("geheim{number}")).collect();
    let changes = secrets
        .iter()
        .map(|secret| keyed("psk", row(0, secret, "options", None, Some(secret))));
    let plan = Plan {
        hidden: Everywhere::default(),
        all_commands: 1,
        looked_at: 1,
        passed_over: Vec::new(),
        changes: changes.collect(),
        commands: vec![command(
            &secrets.join(" "),
            Impact::Nothing,
            "interrupts nothing",
        )],
        ..Plan::default()
    };
    let (text, json) = rendered(plan);
    assert!(!text.contains("geheim"), "{text}");
    assert!(!json.replace("uuid of geheim", "").contains("geheim"));
}

#[test]
fn ten_thousand_commands_are_folded_and_all_of_them_are_in_the_json() {
    let mut plan = Plan {
        verdict: "this interrupts nothing".to_owned(),
        ..Plan::default()
    };
    for number in 0..10_000 {
        let name = format!("p{number}");
        let (impact, verdict) = match number {
            7 => (
                Impact::Interrupts,
                "cuts the management network of os-network",
            ),
            _ => (Impact::Nothing, "interrupts nothing"),
        };
        let text = format!("ovn-nbctl lsp-add public {name}");
        plan.commands.push(command(&text, impact, verdict));
        let uuid = format!("uuid of {name}");
        plan.changes.push(row(number, &name, "", None, Some(&uuid)));
        plan.changes.push(Row {
            table: "Logical_Switch".to_owned(),
            refers: true,
            ..row(number, "public", "ports", None, Some(&uuid))
        });
    }
    let (text, json) = rendered(plan);
    assert_eq!(
        part(&text, "10,000 commands"),
        [
            "      8. ovn-nbctl lsp-add public p7",
            "       ! cuts the management network of os-network",
            "  and 9,999 commands that interrupt nothing",
        ]
    );
    let changes = part(&text, "changes in OVN_Northbound");
    assert_eq!(changes.len(), 13, "{text}");
    assert_eq!(changes[0], "  + Logical_Switch_Port p0");
    assert_eq!(
        changes[2],
        "      + ports: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 9,990 more"
    );
    assert_eq!(changes[12], "  + and 9,990 more Logical_Switch_Port");
    let json: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
    let count = |what: &str| json["plan"][what].as_array().map(Vec::len);
    assert_eq!(count("commands"), Some(10_000));
    assert_eq!(count("changes"), Some(20_000));
}

#[test]
fn what_is_done_and_undone_is_no_change() {
    let plan = Plan {
        hidden: Everywhere::default(),
        all_commands: 1,
        looked_at: 1,
        passed_over: Vec::new(),
        changes: vec![
            // A record comes and goes.
            row(0, "a", "", None, Some("uuid of a")),
            row(0, "a", "type", Some(""), Some("localnet")),
            row(1, "a", "", Some("uuid of a"), None),
            // A value is set twice.
            row(2, "b", "type", Some(""), Some("vtep")),
            row(3, "b", "type", Some("vtep"), Some("localnet")),
            // An element of a set goes and comes back; another stays out.
            row(4, "b", "addresses", Some("unknown"), None),
            row(4, "b", "addresses", Some("router"), None),
            row(5, "b", "addresses", None, Some("unknown")),
            // A key comes and goes.
            keyed("mtu", row(6, "b", "options", None, Some("1500"))),
            keyed("mtu", row(7, "b", "options", Some("1500"), None)),
        ],
        ..Plan::default()
    };
    assert_eq!(
        part(&rendered(plan).0, "changes in OVN_Northbound"),
        [
            "  ~ Logical_Switch_Port b",
            "      ~ type: \"\" -> localnet",
            "      - addresses: router",
        ]
    );
}

#[test]
fn what_several_nodes_make_of_it_is_said_once() {
    let reaction = |command, node: &str| Reaction {
        command,
        node: node.to_owned(),
        sign: Sign::Comes,
        text: "patch ports for ln-physnet2".to_owned(),
        needs: None,
    };
    let possible = Reaction {
        needs: Some("the mappings of the node"),
        ..reaction(0, "os-compute2")
    };
    let plan = Plan {
        hidden: Everywhere::default(),
        all_commands: 1,
        looked_at: 1,
        passed_over: Vec::new(),
        reactions: vec![
            reaction(0, "os-compute1"),
            reaction(0, "os-network"),
            possible,
            reaction(1, "os-compute1"),
        ],
        ..Plan::default()
    };
    assert_eq!(
        part(&rendered(plan).0, "what the nodes make of it"),
        [
            "  + on os-compute1, os-network: patch ports for ln-physnet2",
            "  + possibly on os-compute2: patch ports for ln-physnet2; what would settle it: the mappings of the",
            "      node",
        ]
    );
}

#[test]
fn lines_end_at_the_width_but_for_commands_to_copy() {
    let long = "x".repeat(250);
    let list = ["physnet1:br-provider"; 12].join(",");
    let node = |number: usize| Watched {
        node: format!("os-{number}-{long}"),
        aspects: vec![Watch {
            aspect: "tunnels",
            fate: "unknown",
            how: long.clone(),
        }],
    };
    let plan = Plan {
        hidden: Everywhere::default(),
        all_commands: 1,
        looked_at: 1,
        passed_over: Vec::new(),
        verdict: format!("this cuts {long} and {list}"),
        commands: vec![command("ovs-vsctl show", Impact::Unknown, &long)],
        changes: vec![keyed(
            &long,
            row(0, &long, "options", Some(&list), Some(&long)),
        )],
        reactions: vec![Reaction {
            command: 0,
            node: "os-compute1".to_owned(),
            sign: Sign::Goes,
            text: long.clone(),
            needs: Some("the topology"),
        }],
        safe_way: vec![format!("ovs-vsctl set open . {list}")],
        safe_note: Some(long.clone()),
        watch: vec![node(1), node(2)],
    };
    let (text, _) = rendered(plan);
    let wide: Vec<&str> = text
        .lines()
        .filter(|line| line.chars().count() > 100)
        .collect();
    assert_eq!(
        wide,
        [format!("  1. ovs-vsctl set open . {list}")],
        "{text}"
    );
    assert!(text.contains(",\n"), "a list breaks behind a comma: {text}");
}
