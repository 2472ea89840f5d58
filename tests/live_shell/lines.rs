//! Generated command lines, in the syntax whose words the text alone tells.

/// Every generated line follows from it; splitmix64: the same numbers on every machine.
pub struct Dice(pub u64);

/// The shells that a line is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// Any that follows POSIX.
    Posix,
    /// bash alone.
    Bash,
}

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

    fn several(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> String) -> String {
        (0..=self.below(most)).map(|_| one(self)).collect()
    }
}

/// What a variable is given.
const VALUES: [&str; 9] = [
    "br-ex",
    "'a b'",
    "\"\"",
    "\" x  y \"",
    "physnet1:br-ex,physnet2:br-two",
    "/usr/bin/x.conf.d",
    "\"q'q\"",
    "a=b",
    "'$A'",
];

/// Parts of words that every shell reads alike.
const POSIX: [&str; 46] = [
    "a",
    "br-ex",
    "-",
    "--",
    "=",
    ",",
    ":",
    "é",
    "0",
    "x#y",
    "%",
    "\u{2}",
    "+",
    "'a b'",
    "''",
    "\"\"",
    "'\"'",
    "\"'\"",
    "'\\'",
    "\"a\\\"b\"",
    "\"\\$A\"",
    "\"\\\\\"",
    "\"\\a\"",
    "\\ ",
    "\\'",
    "\\\"",
    "\\$A",
    "\\\\",
    "\\#",
    "\\;",
    "\\\n",
    "\"\\\n\"",
    "\"a\nb\"",
    "'c\nd'",
    "$A-",
    "\"$A\"",
    "${A}",
    "\"${B}\"",
    "$B/",
    "${A:-d e}",
    "\"${B:-d e}\"",
    "${C:-'f g' h}",
    "\"${C:-i}\"",
    "${C-j}",
    "${A:+k l}",
    "\"$\"",
];

/// What cuts a value.
const CUTS: [&str; 12] = [
    "${A%b}",
    "${A%%:*}",
    "${A#*:}",
    "${A##*/}",
    "\"${B%.*}\"",
    "${B%%.*}",
    "${A%-*}",
    "${B#a}",
    "${A%\"ex\"}",
    "${B#*}",
    "${B##*}",
    "\"${A%%*d}\"",
];

/// Parts of words that only bash reads so.
const BASH: [&str; 16] = [
    "$'a\\tb'",
    "$'\\x41\\101\\u00e9'",
    "$'it\\'s'",
    "$''",
    "$\"a\"",
    "{a,b}",
    "{1..3}",
    "{x,y{1,2}}",
    "{}",
    "{a}",
    "a{,b}",
    "{03..1}",
    "{c..a}",
    "\"${L[\u{2}]}\"",
    "${L[\u{2}]}",
    "${L[1]}",
];

fn word(dice: &mut Dice, shell: Shell) -> String {
    dice.several(4, |dice| {
        match (dice.below(8), shell) {
            (0, _) => dice.one_of(&CUTS),
            (1 | 2, Shell::Bash) => dice.one_of(&BASH),
            _ => dice.one_of(&POSIX),
        }
        .to_owned()
    })
}

fn words(dice: &mut Dice, shell: Shell) -> String {
    dice.several(5, |dice| {
        let between = dice.one_of(&[" ", "  ", "\t", " \\\n "]);
        format!("{between}{}", word(dice, shell))
    })
}

/// A few commands. Where one stands it says `@`, and each starts with the word `start`.
pub fn line(dice: &mut Dice, shell: Shell) -> String {
    let (a, b) = (dice.one_of(&VALUES), dice.one_of(&VALUES));
    let list = match shell {
        Shell::Bash => "L=(one 'two three' \"\" $A);",
        Shell::Posix => "",
    };
    let (first, second) = (words(dice, shell), words(dice, shell));
    let commands = match dice.below(18) {
        0 => format!("for v in{first}; do @ \"$v\"$v; done"),
        1 => format!(
            "f() {{ local A=z; @ \"$\u{2}\" $1 $# \"$A\"; shift; @ \"$*\"; }}; f x{first}; @ \"$A\""
        ),
        2 => format!("case $A in br-ex) @ 1;; a\\ b|'') @ 2{first};; *) @ 3;; esac"),
        3 => format!("(A=inner; @{first}); @{second}"),
        4 => "A=$A$B; B=\"$A\" A=x\n@ $A \"$B\"".to_owned(),
        5 => format!("{{ @{first}; }}; @{second} # comment '"),
        6 => format!("@{second}; @{first} <<E\nany 'text\nE"),
        7 => format!("set --{first}; @ \"$\u{2}\" $2; for v; do @ $v; done"),
        8 => format!("eval '@ \"a b\" $A'; @{second}"),
        9 => format!("if true; then @{first}; else @ no; fi; false || @{second}; : && @ z"),
        10 => format!("for v in $(seq 2 4) $(seq 3 -2 1); do @ $v; done; @ \"$(seq 2)\"{first}"),
        11 => "while read -r v w; do @ \"$v\" \"$w\"; done <<E\na b  c \n\n  $B d\nE\n@ \"$v\""
            .to_owned(),
        12 => "case $A in br-*) @ 1;; *' b') @ 2;; '') @ 3;; *) @ 4;; esac".to_owned(),
        13 => format!("g() {{ @ \"$Z\"; }}; Z=q; Z=\"$A\" g; g; @{second}"),
        14 => "@ \"$(echo $A)\" $(basename /x/y.z) \"$(dirname /x/y.z)\"".to_owned(),
        15 => "cd / && @ 1; sleep 0 && @ 2; [ -x /bin/ovs-vsctl ] || :; @ 3".to_owned(),
        _ => format!("@{first}; @{second}"),
    };
    format!("A={a}; B={b}; unset C;{list}\n{commands}\n")
}
