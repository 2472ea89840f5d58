//! Generated inputs: ini files, values, and the files of a service.

use std::fmt::Write;

/// An option: section, name, type, older names.
pub type Registered = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// The options that the generated services have.
pub const OPTIONS: [Registered; 10] = [
    ("DEFAULT", "host", "text", &[]),
    ("DEFAULT", "my_ip", "text", &[]),
    ("DEFAULT", "state_path", "text", &[]),
    ("DEFAULT", "debug", "boolean", &[]),
    ("DEFAULT", "bind_port", "integer", &[]),
    ("ml2", "path_mtu", "integer", &[]),
    (
        "ovs",
        "integration_bridge",
        "text",
        &[("ovs", "ovs_integration_bridge")],
    ),
    ("ovs", "tunnel_bridge", "text", &[]),
    (
        "oslo_concurrency",
        "lock_path",
        "text",
        &[("DEFAULT", "lock_path")],
    ),
    (
        "oslo_messaging_notifications",
        "transport_url",
        "text",
        &[("DEFAULT", "notification_transport_url")],
    ),
];

/// splitmix64: the same numbers on every machine.
pub struct Dice(pub u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).expect("less than sides")
    }

    fn one_of<'text>(&mut self, sides: &[&'text str]) -> &'text str {
        sides[self.below(sides.len())]
    }

    fn several(&mut self, sides: &[&str], most: usize) -> String {
        (0..self.below(most + 1))
            .map(|_| self.one_of(sides))
            .collect()
    }
}

/// What decides in the dialect. No marks of templates: oslo.config knows none.
const PIECES: [&str; 40] = [
    "a",
    "B",
    "ml2",
    "ovn",
    "physnet1:br-ex",
    "1:65535",
    ",",
    ",",
    " ",
    " ",
    "  ",
    "\t",
    "\u{A0}",
    "\u{3000}",
    "\u{C}",
    "\u{B}",
    "\u{1C}",
    "\u{85}",
    "\u{2028}",
    "\u{200B}",
    "\u{FEFF}",
    "\0",
    "é",
    "한글",
    "\u{1F600}",
    "=",
    ":",
    "\"",
    "\"",
    "'",
    "[",
    "]",
    "#",
    ";",
    " # c",
    "\\",
    "$x",
    "%(x)s",
    "{a",
    "a@b",
];

const SECTIONS: [&str; 20] = [
    "[ml2]",
    "[ml2]",
    "[ml2]",
    "[ovs]",
    "[ovs]",
    "[DEFAULT]",
    "[default]",
    "[ ml2 ]",
    "[ML2]",
    "[a]b]",
    "[é]",
    "[[x]",
    "[]]",
    "[ml2]\u{A0}",
    "[ml2]\t",
    "[]",
    "[",
    "[ml2] # c",
    "[ml2]x = y",
    "[\0]",
];

const ENDS: [&str; 14] = [
    "\n", "\n", "\n", "\n", "\n", "\n", "\n", "\r\n", "\r\n", "\r", "\n\n", "\r\r\n", "\n\r",
    "\u{B}",
];

/// A file in the dialect, or nearly.
pub fn ini(dice: &mut Dice) -> String {
    let mut text = dice
        .one_of(&[
            "[x]\n",
            "[x]\n",
            "[x]\n",
            "[x]\r\n",
            "[x]\na = b\n",
            "",
            "\u{FEFF}",
            "\u{FEFF}[x]\n",
        ])
        .to_owned();
    for _ in 0..dice.below(12) {
        if dice.below(8) == 0 {
            text.push_str(dice.one_of(&[" ", "\t", "   ", "\u{A0}", "\u{C}", "\u{1C}"]));
        }
        let line = match dice.below(16) {
            0..=9 => assignment(dice),
            10..=11 => dice.one_of(&SECTIONS).to_owned(),
            12 => format!("{}{}", dice.one_of(&["#", ";"]), dice.several(&PIECES, 3)),
            13 => String::new(),
            14 => "  continued,".to_owned(),
            _ => dice.several(&PIECES, 5),
        };
        text.push_str(&line);
        text.push_str(dice.one_of(&["", "", "", " ", "\t", "\u{A0}", "\u{1F}"]));
        text.push_str(dice.one_of(&ENDS));
    }
    if dice.below(4) == 0 {
        text.truncate(text.trim_end_matches(['\n', '\r']).len());
    }
    text
}

fn assignment(dice: &mut Dice) -> String {
    let key = dice.one_of(&[
        "a",
        "a",
        "b",
        "mechanism_drivers",
        "key with blanks",
        "dashed-key",
        "B",
        "c",
        "d",
        "e",
        "f:",
        "é",
        "",
        "\"k\"",
        "#k",
        "\u{A0}k",
    ]);
    let separator = dice.one_of(&["=", " = ", ":", " : ", "  =\t", "= =", "\u{A0}=\u{A0}"]);
    let quote = dice.one_of(&["", "", "", "\"", "'"]);
    let closing = if dice.below(8) == 0 {
        dice.one_of(&["", "\"", "'"])
    } else {
        quote
    };
    format!(
        "{key}{separator}{quote}{}{closing}",
        dice.several(&PIECES, 5)
    )
}

/// A text for the types: nearly a number, a boolean or a list.
pub fn scalar(dice: &mut Dice) -> String {
    const DIGITS: [&str; 20] = [
        "0",
        "1",
        "7",
        "9",
        "12",
        "_",
        "_",
        "+",
        "-",
        " ",
        "\t",
        "\u{A0}",
        "\u{1C}",
        "\u{FF11}",
        "\u{661}",
        "\u{1D7D9}",
        "\u{B2}",
        ".",
        "x",
        "999999999999",
    ];
    const BOOLEANS: [&str; 14] = [
        "true", "True", "YES", "on", "oN", "1", "0", "off", "No", "false", "fALSE", "t", "2",
        "none",
    ];
    const ITEMS: [&str; 12] = [
        "a", "b c", ",", ",", ",,", " ", "\n", "\u{A0}", "\u{1C}", "é", ";", "\u{3000}",
    ];
    match dice.below(8) {
        0..=3 => dice.several(&DIGITS, 4),
        4 => format!(
            "{}{}",
            dice.one_of(&BOOLEANS),
            dice.one_of(&["", "", "", " ", "\n", "# c"])
        ),
        _ => dice.several(&ITEMS, 7),
    }
}

/// The files of one service. Numbers and booleans are always set: their default cannot be told from a value.
pub fn service(dice: &mut Dice) -> Vec<String> {
    let mut files =
        vec!["[DEFAULT]\ndebug = On\nbind_port = 0_9696\n[ml2]\npath_mtu = 1500\n".to_owned()];
    for _ in 0..=dice.below(3) {
        let mut text = String::new();
        for _ in 0..=dice.below(5) {
            let (section, option, kind, deprecated) = OPTIONS[dice.below(OPTIONS.len())];
            let names = [(section, option), (section, option)]
                .into_iter()
                .chain(deprecated.iter().copied());
            let names: Vec<_> = names.collect();
            let (section, option) = names[dice.below(names.len())];
            let section = if section != "DEFAULT" && dice.below(4) == 0 {
                section.to_uppercase()
            } else {
                section.to_owned()
            };
            let value = value(dice, kind);
            writeln!(text, "[{section}]\n{option} = {value}").expect("a string can be written to");
            if dice.below(4) == 0 {
                let again = self::value(dice, kind);
                writeln!(text, "{option} = {again}").expect("a string can be written to");
            }
        }
        files.push(text);
    }
    files
}

fn value(dice: &mut Dice, kind: &str) -> String {
    const BOOLEANS: [&str; 6] = ["true", "off", "no", "maybe", "$debug", "1"];
    const INTEGERS: [&str; 9] = [
        "1",
        "+2",
        "1_000",
        "",
        "big",
        "$bind_port",
        "$path_mtu",
        "1$bind_port",
        "$$",
    ];
    match kind {
        "boolean" => dice.one_of(&BOOLEANS).to_owned(),
        "integer" => dice.one_of(&INTEGERS).to_owned(),
        _ => reference(dice),
    }
}

fn reference(dice: &mut Dice) -> String {
    const REFERENCES: [&str; 36] = [
        "x",
        "y",
        "/",
        " ",
        "tcp:",
        "é",
        "$host",
        "$my_ip",
        "${my_ip}",
        "$state_path",
        "$state_path/lock",
        "${state_path}x",
        "$debug",
        "$bind_port",
        "$path_mtu",
        "${ml2.path_mtu}",
        "$ovs.tunnel_bridge",
        "${OVS.tunnel_bridge}",
        "$tunnel_bridge",
        "${oslo_concurrency.lock_path}",
        "$integration_bridge",
        "${DEFAULT.host}",
        "$nosuch",
        "$ovs.nosuch",
        "$nosuch.host",
        "$HOST",
        "$state_path.",
        "$$",
        "\\$",
        "\\\\",
        "$",
        "$5",
        "${",
        "${}",
        "$\u{131}",
        "$}",
    ];
    dice.several(&REFERENCES, 3)
}
