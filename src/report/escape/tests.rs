//! What each place that text goes to gets of it.

use crate::report::escape::{
    github_data, github_property, is_hostile, json, log_commands, log_line, markdown, stand_in,
    terminal, xml,
};

#[test]
fn plain_text_of_any_script_stays() {
    for text in [
        "physnet1:br-ex",
        "Bündel – naïve",
        "物理网络",
        "%0A::error::x",
        "a\\b",
    ] {
        assert_eq!(terminal(text), text);
    }
}

#[test]
fn terminal_sequences_become_visible() {
    assert_eq!(terminal("\u{1b}[2J"), "\\u{1b}[2J");
    assert_eq!(
        terminal("\u{1b}]8;;http://evil\u{7}x"),
        "\\u{1b}]8;;http://evil\\u{7}x"
    );
    assert_eq!(
        terminal("a\u{202e}b\u{2066}c\u{200f}"),
        "a\\u{202e}b\\u{2066}c\\u{200f}"
    );
    assert_eq!(terminal("a\r\n::error::b"), "a\\r\\n::error::b");
    assert_eq!(terminal("\u{9b}31m"), "\\u{9b}31m");
}

#[test]
fn a_stand_in_is_one_harmless_character() {
    for code in 0..0x11_0000 {
        let Some(character) = char::from_u32(code) else {
            continue;
        };
        let shown = stand_in(character);
        assert!(shown == '\t' || !is_hostile(shown), "U+{code:04X}");
    }
    assert_eq!(stand_in('\u{1b}'), '␛');
    assert_eq!(stand_in('\u{7}'), '␇');
    assert_eq!(stand_in('\r'), '␍');
    assert_eq!(stand_in('é'), 'é');
}

#[test]
fn json_loses_nothing() {
    let text = "\u{1b}\u{7f}\u{9b}\u{202e}\u{2028}\u{feff}\u{e0041} ##[add-mask]## é\n";
    let written = json(&serde_json::to_string_pretty(&[text]).expect("a string becomes JSON"));
    assert!(
        !written
            .chars()
            .any(|character| is_hostile(character) && character != '\n')
    );
    assert!(!written.contains("##"));
    assert_eq!(
        serde_json::from_str::<[String; 1]>(&written).expect("valid JSON")[0],
        text
    );
}

#[test]
fn a_line_of_a_log_is_no_command() {
    assert_eq!(log_line("a.ini:3:1: a::b"), "a.ini:3:1: a::b");
    assert_eq!(log_line("::error::x"), "\\::error::x");
    assert_eq!(log_line(" \u{a0}::error::x"), "\\::error::x");
    assert_eq!(log_line("a\n::error::x"), "a\\n::error::x");
    assert_eq!(log_line("a ##[add-mask]b"), "a #\u{266f}[add-mask]b");
}

#[test]
fn log_commands_are_broken() {
    let text = "a ##[add-mask]b ##vso[task.setvariable]c ## d".to_owned();
    assert_eq!(
        log_commands(text),
        "a #♯[add-mask]b #♯vso[task.setvariable]c ## d"
    );
}

#[test]
fn a_workflow_command_ends_where_we_end_it() {
    assert_eq!(
        github_data("50%\r\n::error::a: b, c"),
        "50%25\\r\\n::error::a: b, c"
    );
    assert_eq!(github_property("a,line=1::x%0A"), "a%2Cline=1%3A%3Ax%250A");
}

#[test]
fn xml_stays_text() {
    assert_eq!(
        xml("]]></script><a b=\"c\" d='e'>&\u{0}\u{ffff}\u{1b}"),
        "]]&gt;&lt;/script&gt;&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;\\u{0}\\u{ffff}\\u{1b}"
    );
}

#[test]
fn markdown_stays_text() {
    assert_eq!(
        markdown("a|b `c` <img src=x> [d](http://e) **f** @g"),
        "a&#124;b &#96;c&#96; &lt;img src=x&gt; &#91;d&#93;(http&#58;//e) &#42;&#42;f&#42;&#42; &#64;&#8203;g"
    );
    assert_eq!(
        markdown("bridge_mappings _x_ \\| www.e"),
        "bridge_mappings &#95;x&#95; &#92;&#124; www&#46;e"
    );
    assert_eq!(markdown("##[add-mask]"), "&#35;&#35;&#91;add-mask&#93;");
    assert_eq!(
        markdown("br-ex: physnet1:100:200"),
        "br-ex: physnet1:100:200"
    );
}
