//! The one list of programs that reach nothing of a site, each with the reason. What is neither here nor followed is not predicted.

mod told;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Word;
use super::fate::Fate;
use super::open_files::{self, Depth, Directory};
use super::simple::PROGRAMS;

/// A program that is harmless, under a condition.
struct Harmless {
    /// Their names, set apart by blanks, as every list of words here.
    names: &'static str,
    when: Provided,
    exit: Exit,
    why: &'static str,
}

/// Under which condition.
enum Provided {
    /// Whatever it is told.
    Always,
    /// Its first word that is no option is one of these, or there is none.
    Verb(&'static str),
    /// One of its words is one of these.
    Has(&'static str),
    /// None of its words is one of these, on its own or in front of a `=`.
    Lacks(&'static str),
    /// No file that it names is held open by something that runs.
    Files,
    /// What it writes, the last word, is no such file.
    Last,
    /// What this says of its words and of where the shell stands.
    Told(fn(&[Word], &Directory) -> bool),
}

/// Whether its exit status is 0.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// In all that matters.
    Succeeds,
    /// That hangs on the node.
    Open,
}

const COUNT: usize = 63;

const SHOWS: &str = "it shows what is there";
const TEXT: &str = "it turns text into text";
const FILES: &str =
    "a file is read when the program that it belongs to starts, and no file of these is held open";
const SHELL: &str = "it concerns the shell alone";

const fn always(names: &'static str, why: &'static str) -> Harmless {
    when(names, Provided::Always, why)
}

const fn when(names: &'static str, when: Provided, why: &'static str) -> Harmless {
    Harmless {
        names,
        when,
        exit: Exit::Open,
        why,
    }
}

const fn succeeding(names: &'static str, why: &'static str) -> Harmless {
    Harmless {
        exit: Exit::Succeeds,
        ..always(names, why)
    }
}

static LIST: [Harmless; COUNT] = [
    succeeding(
        "cd pushd popd alias unalias shopt umask ulimit hash wait history times dirs disown jobs \
         bind complete enable help",
        SHELL,
    ),
    always("bg fg suspend logout fc compgen", SHELL),
    succeeding(
        "echo printf logger clear tput banner figlet wall",
        "it prints",
    ),
    succeeding("sleep usleep", "it waits"),
    succeeding("yes seq whoami id uname arch nproc uptime tty sync", SHOWS),
    when("date", Provided::Lacks("-s --set"), SHOWS),
    when("hostname", Provided::Told(told::hostname), SHOWS),
    when(
        "hostnamectl timedatectl localectl loginctl",
        Provided::Verb("status show list-sessions list-timezones"),
        SHOWS,
    ),
    always(
        "cat head tail less more zcat zless tac nl od hexdump strings file stat ls tree du df lsblk \
         blkid findmnt readlink realpath md5sum sha1sum sha256sum sha512sum cksum wc getfacl lsattr",
        SHOWS,
    ),
    always(
        "ps pstree pgrep pidof top htop atop free vmstat iostat mpstat sar lscpu lspci lsusb lsmod \
         modinfo lsof lsns numactl numastat w who last users groups getent locale printenv uuidgen \
         hostid cal lsb_release dmidecode lshw nvidia-smi",
        SHOWS,
    ),
    always("which whereis type man info apropos whatis", SHOWS),
    always(
        "dmesg journalctl coredumpctl systemd-analyze systemd-cgls systemd-detect-virt",
        SHOWS,
    ),
    always(
        "ping ping6 arping fping tracepath traceroute traceroute6 mtr dig host nslookup ss netstat \
         tcpdump tshark iperf iperf3 lldpctl ipcalc sipcalc whois rdisc6",
        "it sends probes or looks at packets",
    ),
    always(
        "grep egrep fgrep zgrep cut tr paste column comm diff cmp join fold fmt rev jq xmllint \
         base64 bc dc expr basename dirname numfmt iconv envsubst getopt shuf factor pr expand \
         unexpand look",
        TEXT,
    ),
    when("sort", Provided::Lacks("-o --output"), TEXT),
    when("yq crudini augtool xmlstarlet", Provided::Files, FILES),
    when("awk gawk mawk nawk", Provided::Told(told::awk), TEXT),
    when(
        "sed",
        Provided::Told(told::sed),
        "it edits text, and no file of these is held open",
    ),
    when("cp ln install scp rsync", Provided::Last, FILES),
    when(
        "rm mv rmdir tee mktemp chmod chown chgrp truncate gzip gunzip bzip2 bunzip2 xz unxz zstd \
         split shred chattr setfacl restorecon uniq xxd sponge vi vim view nano emacs ed",
        Provided::Files,
        FILES,
    ),
    Harmless {
        exit: Exit::Succeeds,
        ..when("mkdir touch", Provided::Files, FILES)
    },
    when("tar unzip cpio", Provided::Told(told::archive), FILES),
    when("dd", Provided::Told(told::dd), FILES),
    when("find", Provided::Told(told::find), SHOWS),
    when(
        "git",
        Provided::Lacks(
            "-c --config-env foreach bisect --exec -x --upload-pack --receive-pack --open-files-in-pager -O",
        ),
        "it changes a working copy",
    ),
    always("svn hg bzr tig", "it changes a working copy"),
    always(
        "ssh-keygen ssh-keyscan ssh-copy-id ssh-add ssh-agent gpg openssl pwgen certtool",
        "it makes or shows keys",
    ),
    when("curl", Provided::Told(told::curl), "it asks for a file"),
    when(
        "wget",
        Provided::Lacks(
            "--post-data --post-file --method --body-data --body-file -O --output-document -P \
         --directory-prefix -i --input-file",
        ),
        "it asks for a file",
    ),
    when(
        "apt apt-get aptitude",
        Provided::Verb(
            "update list search show policy download source changelog depends rdepends showsrc check \
         indextargets",
        ),
        "it changes no package that is installed",
    ),
    when(
        "apt apt-get aptitude",
        Provided::Has("-s --simulate --dry-run --just-print --download-only -d"),
        "it changes no package that is installed",
    ),
    always(
        "apt-cache apt-mark apt-config dpkg-query dpkg-architecture rpmquery add-apt-repository \
         apt-key",
        "it changes no package that is installed",
    ),
    when("dpkg", Provided::Told(told::dpkg), SHOWS),
    when("rpm", Provided::Told(told::rpm), SHOWS),
    when(
        "dnf yum microdnf zypper",
        Provided::Verb(
            "list info search repolist repoinfo check-update makecache provides whatprovides repoquery \
         deplist clean refresh ref repos lr se if lu packages",
        ),
        "it changes no package that is installed",
    ),
    when(
        "dnf yum zypper",
        Provided::Has("--assumeno --downloadonly --dry-run --download-only"),
        "it changes no package that is installed",
    ),
    when(
        "snap",
        Provided::Verb(
            "list info find services connections version get changes tasks known logs warnings whoami",
        ),
        SHOWS,
    ),
    when(
        "pip pip3",
        Provided::Verb("list show freeze download check search index"),
        SHOWS,
    ),
    when(
        "systemd-tmpfiles systemd-escape systemd-path",
        Provided::Has("--cat-config --path"),
        SHOWS,
    ),
    when("crontab at", Provided::Has("-l"), SHOWS),
    always("atq", SHOWS),
    when(
        "kill pkill killall skill",
        Provided::Has("-0 -l -L --list"),
        "it sends no signal",
    ),
    when(
        "modprobe",
        Provided::Lacks("-r --remove"),
        "a module that is loaded changes no interface in use",
    ),
    when("sysctl", Provided::Told(told::sysctl), SHOWS),
    when(
        "iptables ip6tables iptables-legacy iptables-nft ebtables arptables",
        Provided::Told(told::iptables),
        SHOWS,
    ),
    always("iptables-save ip6tables-save ebtables-save", SHOWS),
    when(
        "nft ipset ufw tc bridge devlink rdma dcb teamdctl multipath",
        Provided::Told(told::lists),
        SHOWS,
    ),
    when("firewall-cmd", Provided::Told(told::firewall), SHOWS),
    when("conntrack", Provided::Told(told::conntrack), SHOWS),
    when("ethtool", Provided::Told(told::ethtool), SHOWS),
    always("ifquery iwconfig lldpcli", SHOWS),
    when("route arp", Provided::Told(told::route), SHOWS),
    when("nmcli", Provided::Told(told::nmcli), SHOWS),
    when(
        "netplan",
        Provided::Verb("get info status generate help"),
        SHOWS,
    ),
    when(
        "networkctl",
        Provided::Verb("status list lldp label cat"),
        SHOWS,
    ),
    when(
        "ovsdb-tool",
        Provided::Verb(
            "db-version db-cksum db-name db-cid db-sid db-local-address db-is-clustered \
         db-is-standalone schema-version schema-cksum schema-name show-log query check-cluster \
         compare-versions needs-conversion help",
        ),
        SHOWS,
    ),
    when("ovsdb-client", Provided::Told(told::ovsdb_client), SHOWS),
    always(
        "ovn-trace ovn-detrace ovs-pcap ovs-tcpundump ovs-parse-backtrace ovnlint",
        SHOWS,
    ),
    when(
        "openstack neutron nova glance cinder",
        Provided::Told(told::client),
        SHOWS,
    ),
    when(
        "helm",
        Provided::Verb(
            "list ls status get history template show inspect search version lint repo pull fetch env \
         dependency completion",
        ),
        SHOWS,
    ),
    when(
        "juju maas",
        Provided::Verb(
            "status show-unit show-application show-machine show-model show-controller models machines \
         controllers debug-log version whoami info find spaces subnets",
        ),
        SHOWS,
    ),
    when(
        "terraform tofu make ansible-playbook puppet",
        Provided::Told(told::tries),
        "it says what it would do",
    ),
    always(
        "ansible-inventory ansible-doc ansible-lint ansible-config ansible-galaxy ansible-vault \
         yamllint shellcheck pre-commit",
        SHOWS,
    ),
];

/// The entries of each name.
static ENTRIES: LazyLock<HashMap<&str, Vec<&Harmless>>> = LazyLock::new(|| {
    let mut entries: HashMap<&str, Vec<&Harmless>> = HashMap::new();
    for entry in &LIST {
        for name in entry.names.split(' ') {
            entries.entry(name).or_default().push(entry);
        }
    }
    entries
});

/// The fate of a command that reaches nothing of a site, and whether it succeeds; none where that is not known of it.
pub fn fate(words: &[Word], directory: &Directory) -> Option<(Fate, Option<bool>)> {
    let name = words.first()?.base_name();
    // Asked for nothing else, every program tells of itself.
    let tells = |word: &Word| matches!(word.text.as_str(), "--help" | "--version");
    if matches!(words, [_, word] if tells(word)) {
        return Some((Fate::Harmless("it tells of itself"), Some(true)));
    }
    if told::formats_json(name, words) {
        return Some((Fate::Harmless(TEXT), None));
    }
    if words.iter().skip(1).any(holds_command) && !is_one_of(name, PRINTING) {
        return None;
    }
    let entries = ENTRIES.get(name)?;
    let entry = entries
        .iter()
        .find(|entry| holds(&entry.when, words, directory))?;
    let fate = match entry.why {
        SHELL => Fate::Shell,
        why => Fate::Harmless(why),
    };
    Some((fate, (entry.exit == Exit::Succeeds).then_some(true)))
}

fn holds(condition: &Provided, words: &[Word], directory: &Directory) -> bool {
    match condition {
        Provided::Always => true,
        Provided::Verb(verbs) => {
            let verb = words
                .iter()
                .skip(1)
                .find(|word| !word.text.starts_with('-'));
            verb.is_none_or(|verb| verb.unknown.is_none() && is_one_of(&verb.text, verbs))
        }
        Provided::Has(texts) => behind(words).any(|text| is_one_of(text, texts)),
        Provided::Lacks(texts) => {
            let is = |text: &str| {
                let name = text.split('=').next().unwrap_or_default();
                is_one_of(name, texts)
            };
            known(words) && !behind(words).any(is)
        }
        Provided::Files => {
            let depth = depth(words);
            named_files(words).all(|word| open_files::is_idle(word, directory, depth))
        }
        Provided::Last => {
            let depth = depth(words);
            let mut target = words
                .iter()
                .skip_while(|word| !matches!(word.text.as_str(), "-t" | "--target-directory"));
            let last = target.nth(1).or_else(|| named_files(words).last());
            last.is_none_or(|word| open_files::is_idle(word, directory, depth))
        }
        Provided::Told(tells) => tells(words, directory),
    }
}

/// Programs that run no argument, whatever it says.
const PRINTING: &str = "echo printf logger wall grep egrep fgrep zgrep which type whereis hash man info apropos whatis \
     alias sed awk cut tr cat ls git";

/// Whether a word may be a command line for another program: `vim -c '!ovs-vsctl …'`.
fn holds_command(word: &Word) -> bool {
    let names = PROGRAMS.iter().take(6);
    word.text.contains([' ', '\t']) && names.clone().any(|name| word.text.contains(name))
}

/// Whether a word is one of those in a list.
fn is_one_of(word: &str, list: &str) -> bool {
    list.split(' ').any(|own| own == word)
}

/// The texts behind the name of the program.
fn behind(words: &[Word]) -> impl Iterator<Item = &str> {
    words.iter().skip(1).map(|word| word.text.as_str())
}

/// Whether every word is known.
fn known(words: &[Word]) -> bool {
    words.iter().all(|word| word.unknown.is_none())
}

fn option_in(words: &[Word], options: &str) -> bool {
    behind(words).any(|text| is_one_of(text, options))
}

/// The words that are no options.
fn named_files(words: &[Word]) -> impl Iterator<Item = &Word> {
    let is_option = |word: &&Word| word.text.starts_with('-') && word.unknown.is_none();
    words.iter().skip(1).filter(move |word| !is_option(word))
}

/// Whether what it does to a directory it does to all that lies in it.
fn depth(words: &[Word]) -> Depth {
    let is_recursive = |text: &str| {
        let short = text.starts_with('-') && !text.starts_with("--");
        (short && text.contains(['r', 'R', 'a'])) || matches!(text, "--recursive" | "--archive")
    };
    let moves = words
        .first()
        .is_some_and(|word| matches!(word.base_name(), "mv" | "rsync"));
    if moves || behind(words).any(is_recursive) {
        Depth::Deep
    } else {
        Depth::Flat
    }
}
