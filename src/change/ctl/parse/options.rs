//! Options in front of the commands, in the manner of getopt.

use std::collections::BTreeMap;

use super::super::{Refusal, Tool, Word};
use super::syntax::Syntax;
use super::{Line, Wait, logging};

/// Whether an option has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    Never,
    Always,
    Maybe,
}

/// Options that both tools have in front of the commands: name, value, letter.
const COMMON: &[(&str, Value, char)] = &[
    ("db", Value::Always, ' '),
    ("no-syslog", Value::Never, ' '),
    ("no-wait", Value::Never, ' '),
    ("dry-run", Value::Never, ' '),
    ("oneline", Value::Never, ' '),
    ("timeout", Value::Always, 't'),
    ("help", Value::Never, 'h'),
    ("commands", Value::Never, ' '),
    ("options", Value::Never, ' '),
    ("version", Value::Never, 'V'),
    ("verbose", Value::Maybe, 'v'),
    ("log-file", Value::Maybe, ' '),
    ("syslog-method", Value::Always, ' '),
    ("syslog-target", Value::Always, ' '),
    ("format", Value::Always, 'f'),
    ("data", Value::Always, 'd'),
    ("no-headings", Value::Never, ' '),
    ("pretty", Value::Never, ' '),
    ("bare", Value::Never, ' '),
    ("max-column-width", Value::Always, ' '),
    ("private-key", Value::Always, 'p'),
    ("certificate", Value::Always, 'c'),
    ("ca-cert", Value::Always, 'C'),
    ("ssl-protocols", Value::Always, ' '),
    ("ssl-ciphers", Value::Always, ' '),
    ("ssl-ciphersuites", Value::Always, ' '),
    ("ssl-server-name", Value::Always, ' '),
];

/// Options that change the form of the output.
const FORMATS: [&str; 5] = ["format", "data", "bare", "oneline", "no-headings"];

const VSCTL: &[(&str, Value, char)] = &[
    ("retry", Value::Never, ' '),
    ("peer-ca-cert", Value::Always, ' '),
];

const NBCTL: &[(&str, Value, char)] = &[
    ("leader-only", Value::Never, ' '),
    ("no-leader-only", Value::Never, ' '),
    ("shuffle-remotes", Value::Never, ' '),
    ("no-shuffle-remotes", Value::Never, ' '),
    ("unixctl", Value::Always, 'u'),
    ("wait", Value::Always, ' '),
    ("print-wait-time", Value::Never, ' '),
    ("detach", Value::Never, ' '),
    ("no-self-confinement", Value::Never, ' '),
    ("no-chdir", Value::Never, ' '),
    ("pidfile", Value::Maybe, ' '),
    ("overwrite-pidfile", Value::Never, ' '),
    ("monitor", Value::Never, ' '),
    ("user", Value::Always, ' '),
    ("bootstrap-ca-cert", Value::Always, ' '),
];

/// Reads the options; `at` is where the commands begin.
pub(super) struct Reader<'a> {
    pub tool: Tool,
    pub words: &'a [Word],
    pub at: usize,
    pub line: Line<'a>,
    /// Options of the first command.
    pub first: BTreeMap<String, Option<String>>,
}

impl Reader<'_> {
    /// Options up to the first word that is none, in the manner of getopt.
    pub fn globals(&mut self, syntaxes: &[&'static Syntax]) -> Result<(), Refusal> {
        let words = self.words;
        while let Some(word) = words.get(self.at) {
            let here = self.at;
            match word.value.as_str() {
                "--" => {
                    self.at += 1;
                    break;
                }
                long if long.starts_with("--") => self.long(&long[2..], syntaxes)?,
                short if short.starts_with('-') && short.len() > 1 => self.short(&short[1..])?,
                _ => break,
            }
            self.at = self.at.max(here + 1);
        }
        Ok(())
    }

    fn known(&self) -> impl Iterator<Item = &'static (&'static str, Value, char)> + use<> {
        let own = match self.tool {
            Tool::Vsctl => VSCTL,
            Tool::Nbctl => NBCTL,
        };
        COMMON.iter().chain(own)
    }

    fn long(&mut self, text: &str, syntaxes: &[&'static Syntax]) -> Result<(), Refusal> {
        let here = self.at;
        let refuse = |message: String| Refusal::at(message, here);
        let (name, given) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        let mut known: Vec<(&str, Value, bool)> = Vec::new();
        known.extend(self.known().map(|(name, value, _)| (*name, *value, true)));
        for option in syntaxes.iter().flat_map(|syntax| syntax.options.split(',')) {
            let Some(option) = option.strip_prefix("--") else {
                continue;
            };
            let (name, value) = match option.as_bytes().last() {
                Some(b'=') => (&option[..option.len() - 1], Value::Always),
                Some(b'?') => (&option[..option.len() - 1], Value::Maybe),
                _ => (option, Value::Never),
            };
            if !known.iter().any(|own| own.0 == name) {
                known.push((name, value, false));
            }
        }
        let exact = known.iter().find(|own| own.0 == name);
        let beginnings: Vec<_> = known.iter().filter(|own| own.0.starts_with(name)).collect();
        let (name, value, global) = match (exact, beginnings.as_slice()) {
            (Some(found), _) => *found,
            (None, [found]) => **found,
            (None, []) => return Err(refuse(format!("unrecognized option '--{text}'"))),
            (None, _) => return Err(refuse(format!("option '--{name}' is ambiguous"))),
        };
        let given = match (value, given) {
            (Value::Never, Some(_)) => {
                return Err(refuse(format!(
                    "option '--{name}' doesn't allow an argument"
                )));
            }
            (Value::Always, None) => {
                self.at += 1;
                let next = self.words.get(self.at).map(|word| word.value.clone());
                let missing = || refuse(format!("option '--{name}' requires an argument"));
                Some(next.ok_or_else(missing)?)
            }
            (_, given) => given,
        };
        self.at += 1;
        if global {
            return self.apply(name, given.as_deref(), here);
        }
        let option = format!("--{name}");
        // ovs-vsctl looks for the repetition under another name and never finds it.
        if self.tool == Tool::Nbctl && self.first.contains_key(&option) {
            return Err(refuse(format!(
                "'{option}' option specified multiple times"
            )));
        }
        self.first.entry(option).or_insert(given);
        Ok(())
    }

    fn short(&mut self, letters: &str) -> Result<(), Refusal> {
        let here = self.at;
        let chars = letters.char_indices();
        for (at, letter) in chars {
            let known = self.known().find(|own| own.2 == letter && letter != ' ');
            let Some((name, value, _)) = known else {
                let message = match self.tool {
                    Tool::Vsctl => format!("invalid option -- '{letter}'"),
                    Tool::Nbctl => format!("unrecognized option '{letter}'"),
                };
                return Err(Refusal::at(message, here));
            };
            let rest = &letters[at + letter.len_utf8()..];
            match value {
                Value::Never => self.apply(name, None, here)?,
                Value::Maybe => {
                    return self.apply(name, Some(rest), here);
                }
                Value::Always if !rest.is_empty() => return self.apply(name, Some(rest), here),
                Value::Always => {
                    self.at += 1;
                    let Some(next) = self.words.get(self.at) else {
                        let message = format!("option requires an argument -- '{letter}'");
                        return Err(Refusal::at(message, here));
                    };
                    self.at += 1;
                    return self.apply(name, Some(&next.value), here);
                }
            }
        }
        Ok(())
    }

    fn apply(&mut self, name: &str, value: Option<&str>, at: usize) -> Result<(), Refusal> {
        let value = value.unwrap_or_default();
        let line = &mut self.line;
        let message = match name {
            "timeout" if !value.parse::<u32>().is_ok_and(|seconds| seconds > 0) => {
                format!("value {value} on -t or --timeout is invalid")
            }
            "format" if !["list", "table", "csv", "html", "json"].contains(&value) => {
                format!("unknown output format \"{value}\"")
            }
            "data" if !["string", "bare", "json"].contains(&value) => {
                format!("unknown data format \"{value}\"")
            }
            "verbose" => return logging::check(value).map_err(|message| Refusal::at(message, at)),
            "wait" => {
                line.wait = match value {
                    "none" => Wait::No,
                    "sb" => Wait::Southbound,
                    "hv" => Wait::Hypervisors,
                    _ => {
                        let message = "argument to --wait must be \"none\", \"sb\", or \"hv\"";
                        return Err(Refusal::at(message.to_owned(), at));
                    }
                };
                return Ok(());
            }
            _ => {
                line.dry_run |= name == "dry-run";
                line.prints |= ["help", "version", "commands", "options"].contains(&name);
                line.daemon |= name == "detach";
                line.formatted |= FORMATS.contains(&name);
                if name == "no-wait" {
                    line.no_wait = true;
                    line.wait = Wait::No;
                }
                return Ok(());
            }
        };
        Err(Refusal::at(message, at))
    }
}
