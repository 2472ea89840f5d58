//! Passwords on command lines, which only their program tells from other words: `sshpass -p …`, `mysql -p…`,
//! `curl -u user:…`, `echo … | sudo -S`.

use std::ops::Range;

use crate::source::secret::is_secret;

/// How a program takes a secret.
struct SecretProgram {
    /// What it is called, or how its name begins where it ends with `*`.
    name: &'static str,
    /// Its options whose argument is a secret, in the next word or glued on.
    options: &'static [&'static str],
    takes: Counted,
}

/// Which of the words of a program count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    /// Its options.
    Options,
    /// Its options, before the program that it starts.
    OptionsBeforeProgram,
    /// Its options behind this word: `docker login -p …` and `docker run -p …` mean different things.
    OptionsBehind(&'static str),
    /// Its options, only where the secret is glued on: `mysql -p …` asks, and names a database.
    Glued,
    /// What stands behind the colon of an option's argument: `curl -u user:…`.
    BehindColon,
    /// What stands behind the `%` of an option's argument: `smbclient -U user%…`.
    BehindPercent,
    /// The word behind a secret's name: `crudini --set FILE SECTION password …`.
    BehindName,
    /// The word behind this word and a user: `rabbitmqctl add_user USER …`.
    BehindUser(&'static [&'static str]),
    /// Its last word, where this option is there: `htpasswd -b FILE USER …`.
    LastWith(char),
}

const fn program(
    name: &'static str,
    options: &'static [&'static str],
    takes: Counted,
) -> SecretProgram {
    SecretProgram {
        name,
        options,
        takes,
    }
}

const PROGRAMS: [SecretProgram; 56] = [
    program("sshpass", &["-p"], Counted::OptionsBeforeProgram),
    program("mysql*", &["-p"], Counted::Glued),
    program("mariadb*", &["-p"], Counted::Glued),
    program("mycli", &["-p"], Counted::Options),
    program("innobackupex", &["-p"], Counted::Glued),
    program("xtrabackup", &["-p"], Counted::Glued),
    program("7z*", &["-p"], Counted::Glued),
    program("docker", &["-p"], Counted::OptionsBehind("login")),
    program("podman", &["-p"], Counted::OptionsBehind("login")),
    program("nerdctl", &["-p"], Counted::OptionsBehind("login")),
    program("buildah", &["-p"], Counted::OptionsBehind("login")),
    program("skopeo", &["-p"], Counted::OptionsBehind("login")),
    program("helm", &["-p"], Counted::OptionsBehind("login")),
    program("oc", &["-p"], Counted::OptionsBehind("login")),
    program("az", &["-p"], Counted::OptionsBehind("login")),
    program("cf", &["-p"], Counted::OptionsBehind("login")),
    program(
        "skopeo",
        &["--creds", "--src-creds", "--dest-creds"],
        Counted::BehindColon,
    ),
    program("podman", &["--creds"], Counted::BehindColon),
    program("buildah", &["--creds"], Counted::BehindColon),
    program(
        "curl",
        &["-u", "--user", "-U", "--proxy-user", "-E", "--cert"],
        Counted::BehindColon,
    ),
    program(
        "curl",
        &["--oauth2-bearer", "--pass", "--proxy-pass", "--tlspassword"],
        Counted::Options,
    ),
    program("http", &["-a", "--auth"], Counted::BehindColon),
    program("https", &["-a", "--auth"], Counted::BehindColon),
    program("etcdctl", &["--user"], Counted::BehindColon),
    program("smbclient", &["-U", "--user"], Counted::BehindPercent),
    program("net", &["-U", "--user"], Counted::BehindPercent),
    program("rpcclient", &["-U", "--user"], Counted::BehindPercent),
    program("ldap*", &["-w"], Counted::Options),
    program("ldappasswd", &["-s", "-a"], Counted::Options),
    program("ipa-client-install", &["-w"], Counted::Options),
    program("redis-cli", &["-a"], Counted::Options),
    program("mongo*", &["-p"], Counted::Options),
    program("sqlcmd", &["-P"], Counted::Options),
    program("bcp", &["-P"], Counted::Options),
    program("ipmitool", &["-P"], Counted::Options),
    program("ipmi-*", &["-p"], Counted::Options),
    program("ipmipower", &["-p"], Counted::Options),
    program("fence_*", &["-p"], Counted::Options),
    program("racadm", &["-p"], Counted::Options),
    program("pcs", &["-p"], Counted::Options),
    program("mosquitto_*", &["-P"], Counted::Options),
    program("snmp*", &["-c", "-A", "-X"], Counted::Options),
    program("ssh-keygen", &["-N", "-P"], Counted::Options),
    program("zip", &["-P"], Counted::Options),
    program("unzip", &["-P"], Counted::Options),
    program("useradd", &["-p"], Counted::Options),
    program("usermod", &["-p"], Counted::Options),
    program("openssl", &["-passin", "-passout"], Counted::Options),
    program(
        "rabbitmqctl",
        &[],
        Counted::BehindUser(&["add_user", "change_password", "authenticate_user"]),
    ),
    program("crudini", &[], Counted::BehindName),
    program("openstack-config", &[], Counted::BehindName),
    program("iniset", &[], Counted::BehindName),
    program("augtool", &[], Counted::BehindName),
    program("nmcli", &[], Counted::BehindName),
    program("debconf-set-selections", &[], Counted::BehindName),
    program("htpasswd", &[], Counted::LastWith('b')),
];

/// Programs that read a password from standard input: always, or with this option.
const READERS: [(&str, &str); 10] = [
    ("sudo", "-S"),
    ("sudo", "--stdin"),
    ("chpasswd", ""),
    ("passwd", ""),
    ("smbpasswd", ""),
    ("kinit", ""),
    ("su", ""),
    ("cryptsetup", ""),
    ("gpg", "--passphrase-fd"),
    ("debconf-set-selections", ""),
];

/// So many arguments of a program are looked at: its name may stand anywhere, and often.
const MOST_ARGUMENTS: usize = 64;

/// One word of a command line.
#[derive(Clone, Copy)]
struct CommandWord<'t> {
    /// Without the quotes, brackets and commas around it.
    text: &'t str,
    start: usize,
    /// What a shell ends or joins commands with: `|`, `;`, `&&`.
    is_separator: bool,
}

/// The secrets of the command lines of a text.
pub fn secrets(text: &str, hidden: &mut Vec<Range<usize>>) {
    let mut words = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        split(line, start, &mut words);
        start += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        // The command goes on in the next line.
        if !content.ends_with('\\') || start == text.len() {
            of_line(&words, hidden);
            words.clear();
        }
    }
}

/// The words of one line. A quoted one ends with its quote or its line.
fn split<'t>(line: &'t str, offset: usize, words: &mut Vec<CommandWord<'t>>) {
    let around = |c: char| {
        c.is_whitespace() || matches!(c, '\\' | ',' | '[' | ']' | '(' | ')' | '{' | '}' | '`')
    };
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches(around);
        let start = offset + line.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            return;
        };
        let length = match first {
            '|' | ';' | '&' => {
                words.push(CommandWord {
                    text: "",
                    start,
                    is_separator: true,
                });
                rest.len() - rest.trim_start_matches(first).len()
            }
            '"' | '\'' => {
                let inner = rest.get(1..).unwrap_or_default();
                let end = inner.find(first).unwrap_or(inner.trim_end().len());
                let text = inner.get(..end).unwrap_or_default();
                words.push(CommandWord {
                    text,
                    start: start + 1,
                    is_separator: false,
                });
                // A command in quotes has words of its own: `bash -c "mysql -p…"`. It holds no such quote itself.
                if text.contains(' ') {
                    split(text, start + 1, words);
                }
                end + 2
            }
            _ => {
                let (length, text) = unquoted(rest);
                words.push(CommandWord {
                    text,
                    start,
                    is_separator: false,
                });
                length
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// The word at the start of a text, with the strings that stand in it (`-p'…'`, `admin:"…"`), and how long it is with
/// what stands behind it in a list.
fn unquoted(rest: &str) -> (usize, &str) {
    let mut length = 0;
    loop {
        let behind = rest.get(length..).unwrap_or_default();
        let end = behind
            .find(|c: char| c.is_whitespace() || matches!(c, '|' | ';' | '&' | '"' | '\'' | '`'));
        length += end.unwrap_or(behind.len());
        let behind = rest.get(length..).unwrap_or_default();
        let Some(quote @ ('"' | '\'')) = behind.chars().next() else {
            break;
        };
        let inner = behind.get(1..).unwrap_or_default();
        // An apostrophe in prose closes nowhere.
        let Some(close) = inner.find(quote) else {
            return (length + 1, rest.get(..length).unwrap_or_default());
        };
        length += close + 2;
    }
    let word = rest.get(..length).unwrap_or_default();
    (length.max(1), word.trim_end_matches([',', ')', ']', '}']))
}

/// The secrets of one command line, which may join several commands.
fn of_line(words: &[CommandWord], hidden: &mut Vec<Range<usize>>) {
    let mut before: &[CommandWord] = &[];
    for command in words.split(|word| word.is_separator) {
        of_command(command, hidden);
        if reads_secret(command) {
            written(before, hidden);
            here_string(command, hidden);
        }
        before = command;
    }
    identified(words, hidden);
}

fn of_command(words: &[CommandWord], hidden: &mut Vec<Range<usize>>) {
    for (at, word) in words.iter().enumerate() {
        let name = base_name(word.text);
        for program in PROGRAMS.iter().filter(|program| program.is_called(name)) {
            let behind = words.get(at + 1..).unwrap_or_default();
            let arguments = behind.get(..MOST_ARGUMENTS).unwrap_or(behind);
            program.secrets(arguments, hidden);
        }
    }
}

fn base_name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or_default()
}

impl SecretProgram {
    fn is_called(&self, name: &str) -> bool {
        match self.name.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == self.name,
        }
    }

    fn secrets(&self, arguments: &[CommandWord], hidden: &mut Vec<Range<usize>>) {
        match self.takes {
            Counted::BehindName => {
                let pairs = arguments.iter().zip(arguments.iter().skip(1));
                let named = pairs.filter(|(name, _)| is_secret(last_part(name.text)));
                hidden.extend(named.map(|(_, value)| value.range()));
            }
            Counted::BehindUser(verbs) => {
                let verb = arguments.iter().position(|word| verbs.contains(&word.text));
                let value = verb.and_then(|verb| arguments.get(verb + 2));
                hidden.extend(value.map(CommandWord::range));
            }
            Counted::LastWith(option) => {
                let given = |word: &CommandWord| {
                    word.text.starts_with('-')
                        && !word.text.starts_with("--")
                        && word.text.contains(option)
                };
                if arguments.iter().any(given) {
                    hidden.extend(arguments.last().map(CommandWord::range));
                }
            }
            _ => self.in_options(arguments, hidden),
        }
    }

    fn in_options(&self, arguments: &[CommandWord], hidden: &mut Vec<Range<usize>>) {
        let mut arguments = arguments;
        if let Counted::OptionsBehind(verb) = self.takes {
            let at = arguments.iter().position(|word| word.text == verb);
            arguments = at.and_then(|at| arguments.get(at..)).unwrap_or_default();
        }
        let mut at = 0;
        while let Some(word) = arguments.get(at) {
            at += 1;
            if self.takes == Counted::OptionsBeforeProgram && !word.text.starts_with('-') {
                return;
            }
            let Some(glued) = self.option(word.text) else {
                continue;
            };
            let value = if !glued.is_empty() {
                let start = word.start + word.text.len() - glued.len();
                start..word.start + word.text.len()
            } else if self.takes == Counted::Glued {
                continue;
            } else if let Some(next) = arguments.get(at) {
                at += 1;
                next.range()
            } else {
                return;
            };
            let shown = match self.takes {
                Counted::BehindColon => behind(arguments, at, glued, ':'),
                Counted::BehindPercent => behind(arguments, at, glued, '%'),
                _ => Some(0),
            };
            // The certificate of `-E` may have no password.
            if let Some(shown) = shown {
                hidden.push(value.start + shown..value.end);
            }
        }
    }

    /// What is glued to a word that is one of the options.
    fn option<'w>(&self, word: &'w str) -> Option<&'w str> {
        self.options.iter().find_map(|option| {
            let glued = word.strip_prefix(option)?;
            match glued.strip_prefix('=') {
                Some(value) => Some(value),
                None if option.len() == 2 || glued.is_empty() => Some(glued),
                None => None,
            }
        })
    }
}

/// How many bytes of an option's argument stand before its password.
fn behind(arguments: &[CommandWord], at: usize, glued: &str, sign: char) -> Option<usize> {
    let value = if glued.is_empty() {
        arguments.get(at.checked_sub(1)?)?.text
    } else {
        glued
    };
    value.find(sign).map(|sign| sign + 1)
}

/// `802-11-wireless-security.psk`, `mysql-server/root_password`
fn last_part(name: &str) -> &str {
    name.rsplit(['.', '/']).next().unwrap_or_default()
}

/// Whether a command reads a password from its standard input.
fn reads_secret(command: &[CommandWord]) -> bool {
    let has = |option: &str| command.iter().any(|word| word.text == option);
    if [
        "--password-stdin",
        "--token-stdin",
        "--with-token",
        "--pass-stdin",
    ]
    .into_iter()
    .any(has)
    {
        return true;
    }
    let sudo = |word: &CommandWord| {
        // `sudo -kS`
        word.text.starts_with('-') && !word.text.starts_with("--") && word.text.contains('S')
    };
    READERS.iter().any(|(program, option)| {
        let called = command
            .iter()
            .position(|word| base_name(word.text) == *program);
        called.is_some_and(|at| match *option {
            "" => at < 3,
            "-S" => command.iter().skip(at + 1).take(4).any(sudo),
            option => has(option),
        })
    })
}

/// What `echo` or `printf` writes into a pipe.
fn written(command: &[CommandWord], hidden: &mut Vec<Range<usize>>) {
    let writer = command
        .iter()
        .position(|word| matches!(base_name(word.text), "echo" | "printf"));
    let Some(writer) = writer else {
        return;
    };
    let words = command.iter().skip(writer + 1);
    let values = words.filter(|word| {
        !matches!(word.text, "-n" | "-e" | "-ne" | "-en" | "-E" | "--") && !word.text.contains('%')
    });
    hidden.extend(values.map(CommandWord::range));
}

/// `sudo -S … <<< "…"`
fn here_string(command: &[CommandWord], hidden: &mut Vec<Range<usize>>) {
    for (at, word) in command.iter().enumerate() {
        if word.text == "<<<" {
            hidden.extend(command.get(at + 1).map(CommandWord::range));
        } else if let Some(glued) = word.text.strip_prefix("<<<") {
            let end = word.start + word.text.len();
            hidden.push(end - glued.len()..end);
        }
    }
}

/// `IDENTIFIED BY '…'`, and PostgreSQL's `PASSWORD '…'`.
fn identified(words: &[CommandWord], hidden: &mut Vec<Range<usize>>) {
    for (at, word) in words.iter().enumerate() {
        if word.text.eq_ignore_ascii_case("identified") {
            let value = words.iter().skip(at + 1).find(|word| {
                !["by", "with", "as"]
                    .iter()
                    .any(|w| word.text.eq_ignore_ascii_case(w))
            });
            hidden.extend(value.map(CommandWord::range));
        }
    }
}

impl CommandWord<'_> {
    fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}
