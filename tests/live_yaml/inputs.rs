//! Texts for the comparison with PyYAML.

/// What people write, and what the specification has besides.
pub const TEXTS: &[&str] = &[
    "",
    "---\n",
    "# only a comment\n",
    "a: 1\n---\nb: 2\n...\n---\n- 3\n",
    "%YAML 1.1\n---\na: b\n",
    "\u{feff}a: é\nü: \"ö\"\n",
    "a: |\r\n  x\r\n   y\r\n\r\nb: >-\r\n  p\r\n  q\r\nc: \"d\r\n  e\"\r\n",
    "- |\n\n\n    a\n\n     b\n- c: |+\n    x\n\n- d: |-\n    y\n\n",
    "- &a !x |2\n     a\n    b\n- !!str >\n  folded\n  text\n",
    "- >\n  e\n\n  f\n   more\n  g\n\n\n  h\n- >+\n  x\n\n- >-\n\n   y\n",
    "- |\n  ends without a line end",
    "- |\n\n- >\n\n- |-\n",
    "- |1\n  x\n - y\n",
    "- | # comment\n  text # none\n# comment\n- x\n",
    "- \"x\n\n   y\\x41\\\n    z \\u00e9 \\U0001f600 \\t \\n \\e \\0 \\/ \\_ \\N\"\n",
    "- 's\n\n\n  it''s '' \n  t'\n- ''\n- \"\"\n- ' a '\n- \" a \"\n",
    "- plain\n  more\n\n  and   more   \n  end # comment\n- a#b\n- a: b: c\n",
    "- plain\n  more\n\n  and   more   \n  end # comment\n- a#b\n- http://x:80/y\n- -x\n- ?x\n- :x\n- a, b\n- a]b\n",
    "{a: b, c: [1, {d: e}, 'f g'], \"h\":i, j: , k, ? l : m}\n",
    "[a, b: c, [d], {}, [], ]\n",
    "[\n  a,\n  b # comment\n  , c\n]\n",
    "{a: b}: c\n",
    "[a]: c\n",
    "x: {{ y }}\n",
    "x: '{{ y }}'\n",
    "? a\n: b\n? c\n? |\n  d\n: - e\n",
    "a: &x {k: v, l: w}\nb: *x\nc:\n  <<: *x\n  l: z\nd: {<<: [*x, {m: n, k: other}], q: r}\n",
    "a: &x [1, 2]\nb: {<<: *x}\n",
    "a: {<<: b}\n",
    "<<: {a: b}\na: c\n",
    "'<<': {a: b}\n",
    "a: *nowhere\n",
    "&a [*a]\n",
    "a: 1\nb: 2\na: 3\n",
    "1: a\n0x1: b\n'1': c\n1.5: d\n",
    "- yes\n- No\n- ON\n- off\n- y\n- n\n- TRUE\n- tRue\n- ~\n- null\n- NULL\n- nuLL\n-\n",
    "- 0\n- 00\n- 010\n- 0o10\n- 08\n- 0x1F\n- -0x1f\n- 0b101\n- 1_000\n- +12\n- -12\n- 190:20:30\n- 52:54:00\n- 52:54:00:12:34:56\n- 08:54:00\n- 1:60\n- 00:16:3e:01:02:03\n",
    "- 1.5\n- 1.\n- .5\n- -.5\n- 1e3\n- 1.0e3\n- 1.0e+3\n- 1_0.5\n- .inf\n- -.INF\n- .nan\n- 190:20:30.15\n- 192.0.2.1\n- 1.2.3\n- 1e+3\n- ._5\n",
    "- 2026-11-30\n- 2026-1-3\n- 2026-11-30T10:00:00Z\n- 2026-11-30 10:00:00.5 +1:30\n- 2026-11-30t1:00:00\n- 10:00:00\n",
    "- !!str yes\n- !!int '12'\n- !!bool 'yes'\n- !!float 1\n- !!null x\n- ! 12\n- !foo bar\n- !vault |\n  abc\n- !unsafe '{{ x }}'\n- !foo [1]\n",
    "- !!python/object:os.system x\n",
    "a:\n- b\n- c\nd:\n  - e\n",
    "- - a\n  - b\n-\n  - c\n- - - d\n",
    "- a: b\n  c:\n    d: e\n-   f: g\n    h: i\n",
    "a: b\n c: d\n",
    "a:\n\tb: c\n",
    "a: 'b\n",
    "a: \"b\\q\"\n",
    "a: b]\n- c\n",
    "a: [b\n",
    "a: @b\n",
    "a: `b`\n",
    "a: %b\n",
    "a: b\u{1}\n",
    "a: b\u{7f}\n",
    "a: !<tag:yaml.org,2002:str> 5\n",
    "%TAG !e! tag:example.com,2000:\n---\n- !e!x y\n",
    "- name: a\n  shell: >\n    ovs-vsctl set Bridge br-ex\n    fail_mode=secure\n  when: x == \"y\"\n",
    "- name: \"a: b\"\n  command: ovs-vsctl set open . external_ids:a=b # c\n",
    "- command: ovs-vsctl set open . external_ids: b\n",
    "key: value: more\n",
    "a: - b\n",
    "a:\n  - b\n c: d\n",
    "- a\nb: c\n",
    "a: |\n x\n  y\n   z\nb: >\n x\n  y\n z\n",
    "? a: b\n: c\n",
    "a : b\n\"c\" : d\n'e': f\n",
    "a:\n\nb:   # nothing\n  \nc: ''\n",
    "a: b  \nc:\t\n",
    "- {a: 'x, y', b: \"{\", c: }\n",
    "- [a, b\n- c\n",
    "a: {\n  \"b\": \"c\", # d\n}\ne: [\n1,\n# é\n\n2,\n]\n",
    "- a: [\n  {b: 'c # d',\n},\r\n]\n- {\ne: f}\n- \"g: {\"\n",
    "--- text\n--- >\n  folded\n--- {a: b}\n...\n",
];

/// Numbers from a seed: the same on every machine.
pub struct Dice(pub u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).expect("31 bits fit") % sides
    }
}

const SCALARS: [&str; 34] = [
    "a",
    "yes",
    "no",
    "12",
    "010",
    "0x1f",
    "1.5",
    "52:54:10",
    "~",
    "''",
    "\"\"",
    "'it''s'",
    "\"x\\ty\"",
    "'a: b'",
    "\"#\"",
    "a b",
    "a#b",
    "ovs-vsctl add-br br-ex",
    "\"{{ x }}\"",
    "é",
    "'ü ö'",
    "\"\\u00e9\\x41\"",
    "http://h:80",
    "-1",
    "a-b",
    ".5",
    "null",
    "\"a b \"",
    "!!str 1",
    "! 7",
    "!own x",
    "'1'",
    "true",
    "2026-11-30",
];

const TEXTUAL: [&str; 12] = [
    "ovs-vsctl add-br br-ex",
    "set -e",
    "  more",
    "# text",
    "",
    "é ü",
    "a: b",
    "- c",
    "x  y ",
    "{{ z }}",
    "'",
    "\"",
];

/// A document of block and flow collections and all kinds of scalars.
pub fn document(dice: &mut Dice) -> String {
    let mut text = ["", "---\n", "# c\n"][dice.roll(3)].to_owned();
    block(dice, 0, 3, &mut text);
    if dice.roll(4) == 0 {
        text = text.replace('\n', "\r\n");
    }
    text
}

fn block(dice: &mut Dice, indent: usize, depth: usize, text: &mut String) {
    let is_map = dice.roll(2) == 0;
    for index in 0..=dice.roll(4) {
        let margin = " ".repeat(indent);
        let start = match (is_map, dice.roll(8)) {
            (true, 0) => format!("{margin}? k{index}\n{margin}:"),
            (true, 1) => format!("{margin}\"k{index}\" :"),
            (true, _) => format!("{margin}k{index}:"),
            (false, _) => format!("{margin}-"),
        };
        text.push_str(&start);
        value(dice, indent, depth, text);
        if dice.roll(6) == 0 {
            text.push_str(["\n", "# c\n", "   # d\n"][dice.roll(3)]);
        }
    }
}

fn value(dice: &mut Dice, indent: usize, depth: usize, text: &mut String) {
    match dice.roll(10) {
        0..=1 if depth > 0 => {
            text.push('\n');
            let deeper = indent + 1 + dice.roll(3);
            block(dice, deeper, depth - 1, text);
        }
        2 => {
            let deeper = indent + 1 + dice.roll(3);
            lines(dice, deeper, text);
        }
        3 => {
            let margin = " ".repeat(indent + 1 + dice.roll(2));
            let quote = ["'", "\"", ""][dice.roll(3)];
            let middle = ["\n", "\n\n", "  \n\n\n", " \n"][dice.roll(4)];
            text.push_str(&format!(" {quote}one{middle}{margin}two three{quote}\n"));
        }
        4 => {
            text.push(' ');
            flow(dice, 3, text);
            text.push('\n');
        }
        5 => text.push('\n'),
        _ => text.push_str(&format!(
            " {}{}",
            SCALARS[dice.roll(SCALARS.len())],
            [" # c\n", "  \n", "\n"][dice.roll(3)]
        )),
    }
}

/// A block scalar.
fn lines(dice: &mut Dice, indent: usize, text: &mut String) {
    let header = ["|", ">", "|-", ">-", "|+", ">+"][dice.roll(6)];
    text.push_str(&format!(" {header}\n{}first\n", " ".repeat(indent)));
    for _ in 0..dice.roll(5) {
        let line = TEXTUAL[dice.roll(TEXTUAL.len())];
        let margin = if line.is_empty() {
            String::new()
        } else {
            " ".repeat(indent)
        };
        text.push_str(&format!("{margin}{line}\n"));
    }
}

fn flow(dice: &mut Dice, depth: usize, text: &mut String) {
    match dice.roll(if depth > 0 { 4 } else { 2 }) {
        2 => {
            text.push('[');
            for _ in 0..dice.roll(4) {
                flow(dice, depth - 1, text);
                text.push_str(", ");
            }
            text.push(']');
        }
        3 => {
            text.push('{');
            for index in 0..dice.roll(4) {
                text.push_str(&format!("f{index}: "));
                flow(dice, depth - 1, text);
                text.push_str([", ", " , "][dice.roll(2)]);
            }
            text.push('}');
        }
        _ => text.push_str(SCALARS[dice.roll(SCALARS.len())]),
    }
}
