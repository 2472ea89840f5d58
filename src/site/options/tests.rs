//! Which assignment decides, and what its value becomes.

use super::*;
use crate::read::oslo;
use crate::source::FileId;

fn options(texts: &[&str]) -> Options {
    let files = (0..).map(FileId).zip(texts);
    Options {
        files: files
            .map(|(id, text)| Arc::new(oslo::read(id, text)))
            .collect(),
        whole: true,
    }
}

fn text(options: &Options, section: &str, option: &str) -> String {
    match options.text(section, option) {
        Known::Seen(text) => text.value,
        other => panic!("{section}/{option}: {other:?}"),
    }
}

fn unsure<T: std::fmt::Debug>(known: Known<T>) -> &'static str {
    match known {
        Known::Unsure(_, why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_last_assignment_of_the_last_file_wins() {
    let options = options(&[
        "[ml2]\npath_mtu = 1\n[ML2]\npath_mtu = 2\n",
        "[Ml2]\npath_mtu = 3\npath_mtu = 4\n[ml2]\n",
    ]);
    let Known::Seen(mtu) = options.integer("ml2", "path_mtu") else {
        panic!("it is seen");
    };
    assert_eq!((mtu.value, mtu.place.file), (4, FileId(1)));
    let all: Vec<_> = options
        .entries("ml2", "path_mtu")
        .iter()
        .map(|entry| entry.value.text.as_str())
        .collect();
    assert_eq!(all, ["1", "2", "3", "4"]);
}

#[test]
fn names_are_exact_where_oslo_config_is() {
    let options = options(&["[ ml2 ]\na = 1\n[default]\nb = 1\n[ml2]\nA = 1\nc-d = 1\n"]);
    for (section, option) in [("ml2", "a"), ("DEFAULT", "b"), ("ml2", "c_d")] {
        assert!(
            matches!(options.get(section, option), Known::Absent(_)),
            "{section}/{option}"
        );
    }
}

#[test]
fn an_old_name_in_a_later_file_beats_the_new_one() {
    // facts N§7
    let (new, old) = (
        "[ml2]\nproject_network_types = new\n",
        "[ml2]\ntenant_network_types = old\n",
    );
    let both = "[ml2]\nproject_network_types = new\ntenant_network_types = old\n";
    for (texts, expected) in [
        ([new, old], "old"),
        ([old, new], "new"),
        ([old, both], "new"),
    ] {
        assert_eq!(
            text(&options(&texts), "ml2", "project_network_types"),
            expected,
            "{texts:?}"
        );
    }
}

#[test]
fn absence_is_known_only_where_everything_was_seen() {
    let whole = options(&["[ovs]\n[ml2]\n", "[ML2]\n[ovn]\n"]);
    let place = |section: &str| {
        whole
            .get(section, "x")
            .place()
            .map(|place| (place.file.0, place.span.range()))
    };
    assert_eq!(place("ml2"), Some((1, 0..5)));
    assert_eq!(place("ovs"), Some((0, 0..5)));
    assert_eq!(place("agent"), Some((1, 0..0)));

    let fragment = Options {
        whole: false,
        ..whole
    };
    assert_eq!(fragment.get("ml2", "x"), Known::Unseen);
    for text in ["[ml2]\n{{ more }}\n", "[ml2]\nmalformed\n"] {
        assert_eq!(options(&[text]).get("ml2", "x"), Known::Unseen, "{text}");
    }
    assert_eq!(Options::default().get("ml2", "x"), Known::Unseen);
}

#[test]
fn what_cannot_be_told_is_unsure() {
    let options = options(&[
        "[ml2]\npath_mtu = {{ mtu }}\na = big\nb =\nc = 99999999999999999999\nd = maybe\n",
    ]);
    assert_eq!(
        unsure(options.integer("ml2", "path_mtu")),
        "a template fills this in"
    );
    assert_eq!(unsure(options.integer("ml2", "a")), "not a number");
    assert_eq!(unsure(options.integer("ml2", "b")), "no number is given");
    assert_eq!(
        unsure(options.integer("ml2", "c")),
        "a number beyond 64 bits"
    );
    assert_eq!(unsure(options.boolean("ml2", "d")), "not a boolean");
}

#[test]
fn references_are_replaced_and_lists_still_split() {
    let options = options(&[
        "[DEFAULT]\nmy_ip = 10.0.0.1\nhost = h$$$my_ip\n[ovn]\novn_sb_connection = tcp:$my_ip:6642, \\$x, ${DEFAULT}\n",
    ]);
    assert_eq!(text(&options, "DEFAULT", "host"), "h$10.0.0.1");
    assert_eq!(
        unsure(options.list("ovn", "ovn_sb_connection")),
        "refers to an option that is not known"
    );

    let options = self::options(&[
        "[ovn]\novn_nb_connection = tcp:$my_ip:6641,\n  tcp:${my_ip}2:6641 , $5$\n[DEFAULT]\nmy_ip = 10.0.0.1\n",
    ]);
    let Known::Seen(list) = options.list("ovn", "ovn_nb_connection") else {
        panic!("it is seen");
    };
    let items: Vec<_> = list.iter().map(|item| item.value.as_str()).collect();
    assert_eq!(items, ["tcp:10.0.0.1:6641", "tcp:10.0.0.12:6641", "$5$"]);
    assert!(list.iter().all(|item| item.place == list.place));
}

#[test]
fn loops_and_explosions_end() {
    let looped = options(&["[DEFAULT]\nhost = $my_ip\nmy_ip = $host\n"]);
    assert_eq!(
        unsure(looped.text("DEFAULT", "host")),
        "refers to itself, or to too many options"
    );
    let wide = "$state_path".repeat(50);
    let bomb = format!(
        "[DEFAULT]\nhost = {}\nmy_ip = {wide}\nstate_path = {}\n",
        "$my_ip".repeat(50),
        "x".repeat(9000)
    );
    assert_eq!(
        unsure(options(&[&bomb]).text("DEFAULT", "host")),
        "refers to itself, or to too many options"
    );
}
