//! Conditions under which a program of the list is harmless that take more than a list of words.

use super::super::Word;
use super::super::machine;
use super::super::open_files::{self, Depth, Directory};
use super::{behind, is_one_of, known, named_files, option_in};

/// `hostname` with options alone only tells.
pub fn hostname(words: &[Word], _: &Directory) -> bool {
    behind(words).all(|text| text.starts_with('-') && text != "-F" && text != "-b")
}

/// Whether `find` deletes nothing, writes nothing and runs nothing.
pub fn find(words: &[Word], _: &Directory) -> bool {
    let acts = "-delete -ok -okdir -exec -execdir -fls -fprint -fprint0 -fprintf";
    !option_in(words, acts)
}

/// Whether `dpkg` asks.
pub fn dpkg(words: &[Word], _: &Directory) -> bool {
    let asks = "-l -L -s -S -p -c -I --list --listfiles --status --search --print-architecture \
         --get-selections";
    option_in(words, asks)
}

/// Whether `rpm` asks.
pub fn rpm(words: &[Word], _: &Directory) -> bool {
    let first = behind(words).next();
    first.is_some_and(|text| text.starts_with("-q") || text == "--query" || text.starts_with("-V"))
}

/// Whether `sysctl` sets nothing.
pub fn sysctl(words: &[Word], _: &Directory) -> bool {
    let sets = |text: &str| text.contains('=') || text.starts_with("-p") || text.starts_with("-w");
    known(words) && !option_in(words, "--write --load --system") && !behind(words).any(sets)
}

/// Whether a table of filters is only listed.
pub fn iptables(words: &[Word], _: &Directory) -> bool {
    let lists = "-L -S --list --list-rules -nL -nvL -vnL -vL -nxvL -Ln -Lnv -Lvn -V";
    known(words) && option_in(words, lists)
}

/// Whether `firewall-cmd` asks.
pub fn firewall(words: &[Word], _: &Directory) -> bool {
    let asks = "--list --get --state --query --info --zone --permanent";
    let is_question = |text: &str| asks.split(' ').any(|start| text.starts_with(start));
    known(words) && behind(words).all(is_question)
}

/// Whether `conntrack` lists.
pub fn conntrack(words: &[Word], _: &Directory) -> bool {
    known(words) && option_in(words, "-L -G -E -S -C --dump --event --stats --count")
}

/// Whether `route` or `arp` prints its table.
pub fn route(words: &[Word], _: &Directory) -> bool {
    behind(words).all(|text| is_one_of(text, "-n -e -a -an -ne -v -6 -4 -A inet6 inet"))
}

/// Whether `nmcli` shows.
pub fn nmcli(words: &[Word], _: &Directory) -> bool {
    let shows = |text: &str| is_one_of(text, "show status list monitor -v permissions");
    known(words) && !machine::disturbs("nmcli", words) && behind(words).any(shows)
}

/// Whether `ovsdb-client` reads.
pub fn ovsdb_client(words: &[Word], _: &Directory) -> bool {
    let reads = "list-dbs get-schema get-schema-version get-schema-cksum list-tables list-columns query dump \
         monitor monitor-cond monitor-cond-since wait backup needs-conversion";
    known(words) && !machine::disturbs("ovsdb-client", words) && option_in(words, reads)
}

/// `dd of=FILE`
pub fn dd(words: &[Word], directory: &Directory) -> bool {
    let outputs = words.iter().filter_map(|word| {
        let path = word.text.strip_prefix("of=")?;
        let start = word.text.len() - path.len();
        Some((word, start))
    });
    let mut parts = outputs.map(|(word, start)| {
        let mut path = word.clone();
        path.text = word
            .text
            .split_at_checked(start)
            .map_or_else(String::new, |(_, path)| path.to_owned());
        path
    });
    known(words) && parts.all(|path| open_files::is_idle(&path, directory, Depth::Flat))
}

/// Whether an archive is written, listed, or unpacked where nothing is held open.
pub fn archive(words: &[Word], directory: &Directory) -> bool {
    let runs = |text: &str| {
        let starts = "--to-command --checkpoint-action --use-compress-program --info-script --rsh-command \
         --new-volume-script --remove-files -I -F";
        starts.split(' ').any(|start| text.starts_with(start))
    };
    if !known(words) || behind(words).any(runs) {
        return false;
    }
    let mode = behind(words).next().unwrap_or_default();
    let is_tar = words.first().is_some_and(|word| word.base_name() == "tar");
    let extracts = !is_tar || option_in(words, "--extract --get") || mode.contains('x');
    if !extracts {
        // `tar czf ARCHIVE …`: what follows is read.
        let modes = usize::from(!mode.starts_with('-'));
        let archive = named_files(words).nth(modes);
        return archive.is_none_or(|word| open_files::is_idle(word, directory, Depth::Flat));
    }
    let mut into = words
        .iter()
        .skip_while(|word| !matches!(word.text.as_str(), "-C" | "-d" | "--directory"));
    match into.nth(1) {
        Some(word) => open_files::is_idle(word, directory, Depth::Deep),
        None => {
            *directory == Directory::Start
                && !behind(words).any(|text| text == "-P" || text.starts_with("--directory"))
        }
    }
}

/// Whether `curl` only asks: no other method than GET, nothing sent, nothing written that is held open.
pub fn curl(words: &[Word], directory: &Directory) -> bool {
    let sends = |text: &str| {
        let long = "--request --data --form --upload-file --json --config --url-query --mail --quote \
         --unix-socket --telnet";
        let short = text.starts_with('-') && !text.starts_with("--");
        long.split(' ').any(|start| text.starts_with(start))
            || (short && text.contains(['X', 'd', 'F', 'T', 'K', 'Q']))
    };
    let mut outputs = words.windows(2).filter_map(|pair| match pair {
        [option, path] if matches!(option.text.as_str(), "-o" | "--output") => Some(path),
        _ => None,
    });
    !behind(words).any(sends)
        && outputs.all(|path| open_files::is_idle(path, directory, Depth::Flat))
}

/// Whether a program of awk starts no other and writes no file.
pub fn awk(words: &[Word], _: &Directory) -> bool {
    let runs = |text: &str| {
        let single_pipe = text.replace("||", "").contains('|');
        let writes = text.contains(">\"") || text.contains("> \"") || text.contains(">>");
        text.contains("system")
            || single_pipe
            || writes
            || text.contains("getline")
            || text.contains("@load")
    };
    let mut program = words
        .iter()
        .skip(1)
        .filter(|word| !word.text.starts_with('-'));
    let from_file = behind(words)
        .any(|text| text.starts_with("-f") || text.starts_with("--file") || text.starts_with("-i"));
    !from_file
        && !behind(words).any(runs)
        && program.next().is_none_or(|word| word.unknown.is_none())
}

/// Whether `sed` runs no command and writes no file that is held open.
pub fn sed(words: &[Word], directory: &Directory) -> bool {
    if behind(words).any(|text| text.starts_with("-f") || text.starts_with("--file")) {
        return false;
    }
    let in_place = behind(words).any(|text| {
        text.starts_with("--in-place")
            || (text.starts_with('-') && !text.starts_with("--") && text.contains('i'))
    });
    let explicit = option_in(words, "-e --expression");
    let mut scripts: Vec<&Word> = Vec::new();
    let mut files: Vec<&Word> = Vec::new();
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        match word.text.as_str() {
            "-e" | "--expression" => scripts.extend(rest.next()),
            text if text.starts_with('-') && word.unknown.is_none() => {}
            _ if scripts.is_empty() && !explicit => scripts.push(word),
            _ => files.push(word),
        }
    }
    scripts
        .iter()
        .all(|script| sed_script_is_plain(&script.text))
        && (!in_place
            || files
                .iter()
                .all(|file| open_files::is_idle(file, directory, Depth::Flat)))
}

/// Whether a script of sed holds no `e`, no `w` and no such flag: each command is a letter behind its addresses, and
/// what follows `s` and `y` is set apart by the sign behind it.
fn sed_script_is_plain(script: &str) -> bool {
    let mut rest = script;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || ";{}".contains(c));
        let Some(first) = rest.chars().next() else {
            return true;
        };
        match first {
            '/' | '\\' => {
                let (sign, from) = match rest.strip_prefix('\\') {
                    Some(behind) => (behind.chars().next().unwrap_or('/'), behind),
                    None => ('/', rest),
                };
                let Some(behind) = section(from.get(sign.len_utf8()..).unwrap_or_default(), sign)
                else {
                    return false;
                };
                rest = behind.trim_start_matches(['I', 'M']);
            }
            '0'..='9' | '$' | ',' | '~' | '+' | '!' => rest = rest.get(1..).unwrap_or_default(),
            's' | 'y' => {
                let behind = rest.get(1..).unwrap_or_default();
                let Some(sign) = behind.chars().next() else {
                    return false;
                };
                let parts = section(behind.get(sign.len_utf8()..).unwrap_or_default(), sign);
                let Some(behind) = parts.and_then(|second| section(second, sign)) else {
                    return false;
                };
                let end = behind.find([';', '}', '\n']).unwrap_or(behind.len());
                let (flags, behind) = behind.split_at_checked(end).unwrap_or((behind, ""));
                if flags.contains(['e', 'w']) {
                    return false;
                }
                rest = behind;
            }
            // Their text goes to the end of the line.
            'a' | 'i' | 'c' | 'r' | 'R' | ':' | 'b' | 't' | 'T' | '#' => {
                rest = rest.split_once('\n').map_or("", |(_, behind)| behind);
            }
            'd' | 'D' | 'g' | 'G' | 'h' | 'H' | 'l' | 'n' | 'N' | 'p' | 'P' | 'q' | 'Q' | 'x'
            | 'z' | '=' | 'F' => {
                rest = rest.get(1..).unwrap_or_default();
            }
            _ => return false,
        }
    }
}

/// What stands behind the next sign that no backslash hides.
fn section(text: &str, sign: char) -> Option<&str> {
    let mut signs = text.char_indices();
    while let Some((at, c)) = signs.next() {
        if c == '\\' {
            signs.next();
        } else if c == sign {
            return text.get(at + c.len_utf8()..);
        }
    }
    None
}

/// `nft list ruleset`, `tc -s qdisc show`, `bridge fdb`, `ufw status`
pub fn lists(words: &[Word], _: &Directory) -> bool {
    let changes = "add del delete replace change set append flush destroy create insert enable disable reload \
         reset allow deny reject limit restore import export -f --file";
    let lists = "list show ls status lst monitor -l -ll";
    !option_in(words, changes) && (option_in(words, lists) || words.len() == 2)
}

/// The options with which `ethtool` asks; with none it shows.
pub fn ethtool(words: &[Word], _: &Directory) -> bool {
    let asks = "-i -k -g -l -c -a -S -P -T -m -d -e -n -x -u --driver --show-features --show-offload \
         --show-ring --show-channels --show-coalesce --show-pause --statistics --show-permaddr \
         --show-time-stamping --module-info --show-priv-flags --phy-statistics";
    behind(words).all(|text| !text.starts_with('-') || is_one_of(text, asks))
}

/// Whether a client of OpenStack only lists or shows.
pub fn client(words: &[Word], _: &Directory) -> bool {
    let changes = "create delete set unset add remove update save migrate reboot stop start rebuild resize \
         evacuate rescue lock pause suspend shelve failover enable disable";
    let asks = |text: &str| {
        matches!(text, "list" | "show" | "help" | "token")
            || text.ends_with("-list")
            || text.ends_with("-show")
    };
    !option_in(words, changes) && behind(words).any(asks)
}

/// `terraform plan`, `make -n`, `ansible-playbook --syntax-check`
pub fn tries(words: &[Word], _: &Directory) -> bool {
    let Some(first) = words.first().filter(|_| known(words)) else {
        return false;
    };
    let verb = behind(words)
        .find(|text| !text.starts_with('-'))
        .unwrap_or_default();
    match first.base_name() {
        "terraform" | "tofu" => matches!(
            verb,
            "plan"
                | "validate"
                | "fmt"
                | "init"
                | "show"
                | "output"
                | "version"
                | "graph"
                | "providers"
        ),
        "make" => option_in(words, "-n --dry-run --just-print"),
        "ansible-playbook" => option_in(
            words,
            "--syntax-check --list-tasks --list-hosts --list-tags",
        ),
        _ => {
            option_in(words, "parser") || matches!(verb, "config" | "facts" | "lookup" | "describe")
        }
    }
}

/// `python3 -m json.tool`
pub fn formats_json(name: &str, words: &[Word]) -> bool {
    let texts: Vec<&str> = behind(words).collect();
    name.starts_with("python") && matches!(texts[..], ["-m", "json.tool", ..])
}
