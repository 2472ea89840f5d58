//! Mutations of inputs: always the same for the same name.

/// A generator of numbers (xorshift64*), for tests that have to be repeatable.
pub struct Dice(u64);

/// What the formats give a meaning to.
const TOKENS: [&str; 44] = [
    "\"",
    "'",
    "\\",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "[",
    "]",
    "{",
    "}",
    "=",
    ":",
    ",",
    ";",
    "#",
    "$",
    "${",
    "`",
    "|",
    "&&",
    "--",
    "<<EOF\n",
    "\n=== ",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}[31m",
    "é",
    "𝄞",
    "-1",
    "0",
    "4294967296",
    "9223372036854775808",
    "1e999",
    "[\"set\",[]]",
    "[\"map\",[]]",
    "[\"uuid\",\"",
    "set",
    "clear",
    "external_ids",
    "{{ x }}",
    "- ",
    "*a",
    "&a ",
];

impl Dice {
    /// That of a name.
    pub fn of(name: &str) -> Self {
        let seed = name.bytes().fold(0x9e37_79b9_7f4a_7c15_u64, |seed, byte| {
            (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(seed | 1)
    }

    /// Below a number that is not 0.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(drawn).expect("31 bits") % limit
    }

    /// One of the inputs with up to eight changes.
    pub fn mutated(&mut self, inputs: &[Vec<u8>]) -> Vec<u8> {
        let mut data = inputs[self.below(inputs.len())].clone();
        for _ in 0..=self.below(8) {
            self.change(&mut data, inputs);
        }
        data
    }

    fn change(&mut self, data: &mut Vec<u8>, inputs: &[Vec<u8>]) {
        let at = self.below(data.len() + 1);
        let end = (at + self.below(64)).min(data.len());
        match self.below(8) {
            0 if at < data.len() => data[at] ^= 1 << self.below(8),
            1 if at < data.len() => data[at] = u8::try_from(self.below(256)).expect("a byte"),
            2 => drop(data.drain(at..end)),
            3 => {
                let again = data[at..end].to_vec();
                data.splice(at..at, again);
            }
            4 => {
                let other = &inputs[self.below(inputs.len())];
                let from = self.below(other.len() + 1);
                let to = (from + self.below(256)).min(other.len());
                data.splice(at..end, other[from..to].iter().copied());
            }
            5 => data.truncate(at),
            _ => {
                let token = TOKENS[self.below(TOKENS.len())];
                data.splice(at..at, token.bytes());
            }
        }
    }
}
