//! Commands that run another command: `sudo`, `docker exec`, `ssh`, `bash -c` and their like.

use super::Word;

/// What a command runs.
#[derive(Debug, PartialEq, Eq)]
pub enum Inner {
    /// The words from this one on.
    Words(usize),
    /// The words from this one on, joined and parsed by another shell.
    Joined(usize),
    /// This word, parsed by another shell, with the words behind it as arguments.
    Script(usize),
    /// What it reads.
    Input,
    /// The file that this word names.
    File(usize),
    /// Nothing: it only answers.
    Nothing,
}

/// Where it runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// On this node, as part of the script.
    Here,
    /// In a container or on another node, where the script's variables are not known.
    Elsewhere,
}

/// A command that runs another command.
#[derive(Debug, PartialEq, Eq)]
pub struct Prefix {
    /// What it runs.
    pub inner: Inner,
    /// Where.
    pub place: Where,
    /// The word that names a node, and which part of it.
    pub node: Option<(usize, std::ops::Range<usize>)>,
}

/// A program that runs what follows its options.
struct Runner {
    name: &'static str,
    /// Options of one letter that take a value.
    letters: &'static str,
    /// Long options that take a value as a word of its own.
    long: &'static [&'static str],
    /// How many words stand before the command.
    words: usize,
}

const fn runner(name: &'static str, letters: &'static str, words: usize) -> Runner {
    Runner {
        name,
        letters,
        long: &[],
        words,
    }
}

const RUNNERS: [Runner; 24] = [
    Runner {
        name: "sudo",
        letters: "ughpCcDrRtTU",
        long: &[
            "--user",
            "--group",
            "--host",
            "--prompt",
            "--chdir",
            "--chroot",
            "--close-from",
        ],
        words: 0,
    },
    runner("doas", "uC", 0),
    runner("env", "uCS", 0),
    runner("timeout", "ks", 1),
    runner("nohup", "", 0),
    runner("setsid", "", 0),
    runner("nice", "n", 0),
    runner("ionice", "cnp", 0),
    runner("chrt", "TPD", 1),
    runner("taskset", "", 1),
    runner("stdbuf", "ioe", 0),
    runner("time", "fo", 0),
    runner("exec", "a", 0),
    runner("command", "", 0),
    runner("builtin", "", 0),
    runner("nsenter", "tSGT", 0),
    runner("unshare", "SGR", 0),
    runner("chroot", "", 1),
    runner("flock", "wE", 1),
    runner("watch", "n", 0),
    runner("sshpass", "pfdP", 0),
    runner("strace", "oepsuE", 0),
    runner("busybox", "", 0),
    runner("unbuffer", "", 0),
];

/// What a command runs; none where it runs no other.
pub fn of(words: &[Word]) -> Option<Prefix> {
    let name = words.first()?.base_name();
    let second = words.get(1).map(|word| word.text.as_str());
    match name {
        "bash" | "sh" | "dash" | "ksh" | "zsh" | "ash" => Some(shell(words)),
        "su" => Some(su(words)),
        "ssh" => Some(ssh(words)),
        "docker" | "podman" | "nerdctl" | "crictl" => container(words),
        "kubectl" | "oc" | "microk8s" => pod(words),
        "ip" => namespace(words),
        "as" | "m_as" if words.len() > 2 => Some(Prefix {
            node: Some((1, 0..words[1].text.len())),
            ..elsewhere(Inner::Words(2))
        }),
        "lxc-attach" => Some(elsewhere(Inner::Words(skip(
            words,
            1,
            "nfaegs",
            &["--name"],
        )))),
        "lxc" | "incus" if second == Some("exec") => {
            let container = skip(words, 2, "tTnu", &["--env", "--cwd", "--user"]);
            Some(elsewhere(Inner::Words(behind_dashes(words, container + 1))))
        }
        "command" if second.is_some_and(|option| option == "-v" || option == "-V") => {
            Some(here(Inner::Nothing))
        }
        _ => RUNNERS
            .iter()
            .find(|runner| runner.name == name)
            .map(|runner| run_by(runner, words)),
    }
}

fn here(inner: Inner) -> Prefix {
    Prefix {
        inner,
        place: Where::Here,
        node: None,
    }
}

fn elsewhere(inner: Inner) -> Prefix {
    Prefix {
        place: Where::Elsewhere,
        ..here(inner)
    }
}

fn run_by(runner: &Runner, words: &[Word]) -> Prefix {
    if let Some(inner) = split_string(runner, words) {
        return here(inner);
    }
    let mut at = skip(words, 1, runner.letters, runner.long);
    let is_assignment = |word: &Word| {
        let length = super::here::identifier_length(&word.text);
        length > 0 && word.text[length..].starts_with('=')
    };
    while matches!(runner.name, "env" | "sudo") && words.get(at).is_some_and(is_assignment) {
        at += 1;
    }
    at = behind_dashes(words, at + runner.words);
    // `flock FILE -c COMMAND`
    if words.get(at).is_some_and(|word| word.text == "-c") {
        return here(Inner::Script(at + 1));
    }
    // One word with blanks is what a shell is given, as by `watch`.
    if words.len() == at + 1 && runner.name == "watch" {
        return here(Inner::Joined(at));
    }
    if words.len() > at {
        here(Inner::Words(at))
    } else {
        here(Inner::Nothing)
    }
}

/// `env -S 'COMMAND ARGUMENTS'`
fn split_string(runner: &Runner, words: &[Word]) -> Option<Inner> {
    let is_option = |word: &&Word| word.text.starts_with('-') || word.text.contains('=');
    let options = words.iter().skip(1).take_while(is_option);
    let splits =
        |word: &Word| word.text.starts_with("-S") || word.text.starts_with("--split-string");
    let at = options
        .clone()
        .position(splits)
        .filter(|_| runner.name == "env")?
        + 1;
    let is_alone = matches!(words.get(at)?.text.as_str(), "-S" | "--split-string");
    Some(if is_alone && at + 1 < words.len() {
        Inner::Joined(at + 1)
    } else {
        Inner::File(at)
    })
}

/// The first word at or behind `at` that is no option.
fn skip(words: &[Word], mut at: usize, letters: &str, long: &[&str]) -> usize {
    while let Some(word) = words.get(at) {
        let text = word.text.as_str();
        if text == "--" {
            return at + 1;
        }
        if text == "-" || !text.starts_with('-') || word.unknown.is_some() {
            return at;
        }
        let takes_value = if text.starts_with("--") {
            long.contains(&text)
        } else {
            // In a group of letters, the first that takes a value takes the rest of the group.
            let taker = text[1..].find(|c| letters.contains(c));
            taker.is_some_and(|found| found + 2 == text.len())
        };
        at += 1 + usize::from(takes_value);
    }
    at.min(words.len())
}

/// The first word behind the options of a program, of which those of these letters take a value.
pub fn behind_options(words: &[Word], letters: &str) -> usize {
    skip(words, 1, letters, &[])
}

fn behind_dashes(words: &[Word], at: usize) -> usize {
    let is_dashes = words.get(at).is_some_and(|word| word.text == "--");
    at + usize::from(is_dashes)
}

fn shell(words: &[Word]) -> Prefix {
    let (mut at, mut letters) = (1, String::new());
    while let Some(word) = words.get(at) {
        let text = word.text.as_str();
        match text {
            "-o" | "+o" | "-O" | "+O" | "--rcfile" | "--init-file" => at += 1,
            _ if text.starts_with("--") || text == "-" => {}
            _ if text.starts_with(['-', '+']) => {
                letters.push_str(&text[1..]);
                at += usize::from(text.ends_with('o'));
            }
            _ => break,
        }
        at += 1;
    }
    let has_word = at < words.len();
    here(if letters.contains('c') && has_word {
        Inner::Script(at)
    } else if has_word && !letters.contains('s') {
        Inner::File(at)
    } else {
        Inner::Input
    })
}

fn su(words: &[Word]) -> Prefix {
    let command = words
        .iter()
        .position(|word| matches!(word.text.as_str(), "-c" | "--command" | "-lc"));
    match command {
        Some(at) if at + 1 < words.len() => here(Inner::Script(at + 1)),
        _ => here(Inner::Input),
    }
}

fn ssh(words: &[Word]) -> Prefix {
    let node = skip(words, 1, "BbcDEeFIiJLlmOopQRSWw", &[]);
    let Some(word) = words.get(node) else {
        return here(Inner::Nothing);
    };
    // Options may stand behind the node, too.
    let command = skip(words, node + 1, "BbcDEeFIiJLlmOopQRSWw", &[]);
    Prefix {
        node: Some((node, host(&word.text))),
        ..elsewhere(if command < words.len() {
            Inner::Joined(command)
        } else {
            Inner::Input
        })
    }
}

/// The part of `ssh://user@node:22`, `user@node` or `tcp://node:2375` that names a node.
fn host(text: &str) -> std::ops::Range<usize> {
    let start = text.find("://").map_or(0, |at| at + 3);
    let is_url = start > 0;
    let end = match text[start..].find('/') {
        Some(at) if is_url => start + at,
        _ => text.len(),
    };
    let start = text[start..end]
        .rfind('@')
        .map_or(start, |at| start + at + 1);
    let port = text[start..end].rfind(':').filter(|_| is_url);
    start..port.map_or(end, |at| start + at)
}

fn container(words: &[Word]) -> Option<Prefix> {
    let verb = skip(
        words,
        1,
        "Hcl",
        &[
            "--host",
            "--context",
            "--config",
            "--log-level",
            "--url",
            "--connection",
        ],
    );
    let mut verb = verb;
    if words.get(verb)?.text == "container" {
        verb += 1;
    }
    if words.get(verb)?.text != "exec" {
        return None;
    }
    let long = [
        "--env",
        "--user",
        "--workdir",
        "--env-file",
        "--detach-keys",
    ];
    let container = skip(words, verb + 1, "euw", &long);
    let mut prefix = elsewhere(if container + 1 < words.len() {
        Inner::Words(container + 1)
    } else {
        Inner::Nothing
    });
    prefix.node = remote(&words[..verb]);
    Some(prefix)
}

/// The node of `docker -H tcp://node:2375`; a socket is this node's.
pub fn remote(words: &[Word]) -> Option<(usize, std::ops::Range<usize>)> {
    let option = words.iter().position(|word| {
        let text = word.text.as_str();
        text == "-H" || text == "--host" || text.starts_with("--host=")
    })?;
    let (at, from) = match words[option].text.strip_prefix("--host=") {
        Some(_) => (option, "--host=".len()),
        None => (option + 1, 0),
    };
    let text = &words.get(at)?.text[from..];
    let range = host(text);
    (!text.starts_with("unix:") && !text.starts_with("fd:"))
        .then_some((at, from + range.start..from + range.end))
}

fn pod(words: &[Word]) -> Option<Prefix> {
    const LONG: [&str; 8] = [
        "--namespace",
        "--context",
        "--kubeconfig",
        "--container",
        "--cluster",
        "--server",
        "--user",
        "--selector",
    ];
    let verb = words.iter().position(|word| word.text == "exec")?;
    let dashes = words.iter().position(|word| word.text == "--");
    let at = match dashes {
        Some(at) if at > verb => at + 1,
        _ => {
            let pod = skip(words, verb + 1, "ncl", &LONG);
            skip(words, pod + 1, "ncl", &LONG)
        }
    };
    Some(elsewhere(if at < words.len() {
        Inner::Words(at)
    } else {
        Inner::Nothing
    }))
}

fn namespace(words: &[Word]) -> Option<Prefix> {
    let at = skip(words, 1, "", &[]);
    let texts: Vec<&str> = words
        .get(at..)?
        .iter()
        .take(2)
        .map(|word| word.text.as_str())
        .collect();
    let executes =
        matches!(texts[..], ["netns", verb] if verb.starts_with('e') && "exec".starts_with(verb));
    (executes && words.len() > at + 3).then(|| here(Inner::Words(at + 3)))
}
