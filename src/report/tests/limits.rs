//! Any input renders.

use crate::finding::{Finding, Level};
use crate::report::tests::cases::{in_log, report, reported};
use crate::report::tests::formats;
use crate::report::text::Colour;
use crate::report::{json, sort, text};
use crate::source::{Place, Sources, Span};

proptest::proptest! {
    #[test]
    fn any_text_and_any_place_render(
        text in "(\\PC|[\r\n\t\u{1b}\u{202e}]|password = |://|@){0,300}",
        spans in proptest::collection::vec((0_u32..400, 0_u32..400), 1..5),
        value in "\\PC{0,20}\n?\\PC{0,20}",
        width in 0_usize..200,
    ) {
        let mut sources = Sources::default();
        let file = sources.add("a", text.as_str());
        let log = sources.add("b", "");
        let mut finding = Finding::new(Level::Note, "s", value.as_str(), &Place::file(file), value.as_str());
        for (start, end) in spans {
            let span = Span { start, end };
            finding = finding.label(&Place { span, ..Place::file(file) }, value.as_str());
            let place = Place { span, ..in_log(log, "f", None, &value, "") };
            finding = finding.label(&place, "in a log").edit(true, &Place { span, ..Place::file(file) }, "");
        }
        let report = report(&sources, Vec::from([reported("l", "", finding)]));
        let text = text::render(&report, Colour::Plain, width);
        formats::assert_harmless("text", &text);
        for (name, shown) in formats::every(&report) {
            formats::assert_harmless(name, &shown);
        }
    }

    #[test]
    fn positions_are_those_of_the_source(text in "(é|物|a|b|\r|\n){0,3000}", offset in 0_usize..9000) {
        let mut sources = Sources::default();
        let file = sources.add("a", text.as_str());
        let offset = text.floor_char_boundary(offset);
        let finding = Finding::new(Level::Note, "s", "m", &Place::text(file, offset..offset), "l");
        let report = report(&sources, Vec::from([reported("l", "", finding)]));
        let json: serde_json::Value = serde_json::from_str(&json::render(&report)).expect("valid JSON");
        let place = &json["findings"][0]["places"][0];
        let position = sources.get(file).position(u32::try_from(offset).expect("a small offset"));
        proptest::prop_assert_eq!(place["line"].as_u64(), Some(u64::from(position.line)));
        proptest::prop_assert_eq!(place["column"].as_u64(), Some(u64::from(position.column)));
    }
}

/// 500 findings in a large file of many lines, or of one. How long that takes is measured in benches/.
#[test]
fn many_findings_in_a_large_file_are_all_shown() {
    let line = "option = physnet1:br-ex,physnet2:br-public\n";
    let one_line = line.replace('\n', " ");
    for line in [line, one_line.as_str()] {
        let mut sources = Sources::default();
        let file = sources.add("large.ini", line.repeat(1_300_000 / line.len()));
        let findings = (0..500).map(|n| {
            let start = n * 2500 / line.len() * line.len() + 9;
            let place = Place::text(file, start..start + 8);
            reported(
                "l",
                "",
                Finding::new(Level::Note, "s", "m", &place, "this one"),
            )
        });
        let findings = findings.collect();
        let mut report = report(&sources, findings);
        sort(&mut report);
        let text = text::render(&report, Colour::Plain, 100);
        let json = json::render(&report);
        assert_eq!(text.matches("this one").count(), 500);
        assert_eq!(json.matches("this one").count(), 500);
    }
}
