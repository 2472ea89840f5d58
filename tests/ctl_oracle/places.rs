//! Every change says which words made it, and what was not seen is not taken for absent.

use ovnlint::change::ctl::schema::schema;
use ovnlint::change::ctl::store::Store;
use ovnlint::change::ctl::{Outcome, Status, Tool, Word, run};
use ovnlint::read::ovsdb::{self, Keep, SchemaName};
use ovnlint::source::{FileId, Place, Sources};

/// Runs a line whose words stand one blank apart in a file, and gives the changes as
/// `record column[:key] before>after text`.
fn told(store: &mut Store, tool: Tool, line: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let file = sources.add("<command>", line);
    let outcome = placed(store, tool, line, file);
    assert_eq!(outcome.status, Status::Done, "{line}");
    let told = outcome.changes.iter().map(|change| {
        let text = |atom: &Option<_>| atom.as_ref().map(ToString::to_string).unwrap_or_default();
        let place = change
            .place
            .as_ref()
            .and_then(|place| sources.text_at(place));
        let key = change
            .key
            .as_ref()
            .map(|key| format!(":{key}"))
            .unwrap_or_default();
        let (before, after) = match change.column {
            "_uuid" => (
                "x".repeat(change.before.iter().count()),
                "x".repeat(change.after.iter().count()),
            ),
            _ => (text(&change.before), text(&change.after)),
        };
        let (record, column) = (&change.record, change.column);
        format!(
            "{record} {column}{key} {before}>{after} {}",
            place.unwrap_or("-")
        )
    });
    told.collect()
}

fn placed(store: &mut Store, tool: Tool, line: &str, file: FileId) -> Outcome {
    let mut at = 0;
    let words: Vec<Word> = line
        .split(' ')
        .map(|word| {
            let place = Place::text(file, at..at + word.len());
            at += word.len() + 1;
            Word {
                value: word.to_owned(),
                place: Some(place),
            }
        })
        .collect();
    run(store, tool, &words, None)
}

fn empty(tool: Tool) -> Store {
    let mut store = Store::new(schema(tool.database(), None));
    run(&mut store, tool, &[Word::from("init")], None);
    store
}

#[test]
fn a_change_points_at_the_words_that_made_it() {
    let mut store = empty(Tool::Vsctl);
    told(&mut store, Tool::Vsctl, "add-br br-ex");
    assert_eq!(
        told(
            &mut store,
            Tool::Vsctl,
            "set open . external_ids:a=b external_ids:c=d"
        ),
        [". external_ids:a >b b", ". external_ids:c >d d"]
    );
    assert_eq!(
        told(
            &mut store,
            Tool::Vsctl,
            "set open . external_ids:a=x -- set bridge br-ex fail_mode=secure"
        ),
        [". external_ids:a b>x x", "br-ex fail_mode >secure secure"]
    );
    assert_eq!(
        told(&mut store, Tool::Vsctl, "remove open . external_ids a c"),
        [". external_ids:a x> a", ". external_ids:c d> c"]
    );
    assert!(told(&mut store, Tool::Vsctl, "set bridge br-ex fail_mode=secure").is_empty());
    let gone = told(&mut store, Tool::Vsctl, "del-br br-ex");
    assert!(
        gone.contains(&"br-ex _uuid x> del-br".to_owned()),
        "{gone:?}"
    );
    assert_eq!(
        gone.len(),
        4,
        "the reference, the bridge, its port and its interface: {gone:?}"
    );
}

#[test]
fn replacing_all_options_tells_what_was_lost() {
    let mut store = empty(Tool::Nbctl);
    told(&mut store, Tool::Nbctl, "ls-add s");
    let added = told(
        &mut store,
        Tool::Nbctl,
        "lsp-add s p -- lsp-set-options p network_name=n",
    );
    assert!(
        added.contains(&"p options:network_name >n n".to_owned()),
        "{added:?}"
    );
    assert_eq!(
        told(&mut store, Tool::Nbctl, "lsp-set-options p x=y"),
        [
            "p options:network_name n> lsp-set-options",
            "p options:x >y y"
        ]
    );
    assert_eq!(told(&mut store, Tool::Nbctl, "lsp-del p").len(), 2);
}

#[test]
fn a_refusal_points_at_its_word() {
    let mut store = empty(Tool::Vsctl);
    let line = "add-br br0 -- set bridge br0 fail_mode=open";
    let outcome = placed(&mut store, Tool::Vsctl, line, FileId(0));
    let Status::Refused(refusal) = outcome.status else {
        panic!("{:?}", outcome.status);
    };
    assert_eq!(line.split(' ').nth(refusal.word), Some("fail_mode=open"));
    assert!(outcome.changes.is_empty());
}

/// As `ovs-vsctl show` prints it: no external_ids, no protocols.
const SHOWN: &str = "5c0bd1c8-7ca7-4b39-9b7f-6b6b0d0d5e5a
    Bridge br-ex
        fail_mode: secure
        Port enp7s0
            Interface enp7s0
        Port br-ex
            Interface br-ex
                type: internal
";

#[test]
fn what_show_prints_can_be_changed() {
    let database = ovsdb::read(FileId(0), SHOWN.as_bytes(), Keep::All).expect("it is recognised");
    let mut store = Store::read(SchemaName::OpenVswitch, None, [&database]);
    let changes = told(
        &mut store,
        Tool::Vsctl,
        "del-port br-ex enp7s0 -- del-fail-mode br-ex",
    );
    assert!(
        changes.contains(&"br-ex fail_mode secure> del-fail-mode".to_owned()),
        "{changes:?}"
    );
    assert!(
        changes.contains(&"enp7s0 _uuid x> del-port".to_owned()),
        "{changes:?}"
    );
    let after = store.database(FileId(0));
    assert_eq!(after.tables["Port"].rows.len(), 1);
    assert!(
        !after.tables["Open_vSwitch"]
            .columns
            .contains_key("external_ids"),
        "it was never seen"
    );
    let words = ["set", "qos", "x", "type=y"].map(Word::from);
    let outcome = run(&mut store, Tool::Vsctl, &words, None);
    assert!(
        outcome.unmodelled.is_some(),
        "records of QoS were not seen: {outcome:?}"
    );
}
