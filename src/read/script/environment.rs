//! The environment that tells `ovs-vsctl`, `ovn-nbctl` and `ovn-sbctl` which database they write.

use std::rc::Rc;

use super::Word;
use super::run::Run;
use super::tree::{Assigned, Assignment};
use super::variables::{Scope, Value, Variable};

/// The variables that the tools read.
const OWN: [&str; 8] = [
    "OVN_NB_DB",
    "OVN_SB_DB",
    "OVN_NB_DAEMON",
    "OVN_SB_DAEMON",
    "OVN_NBCTL_OPTIONS",
    "OVN_SBCTL_OPTIONS",
    "OVN_RUNDIR",
    "OVS_RUNDIR",
];

/// Where the sockets of the packages are.
const STANDARD: [&str; 8] = [
    "/var/run/openvswitch",
    "/run/openvswitch",
    "/var/run/ovn",
    "/run/ovn",
    "/usr/local/var/run/openvswitch",
    "/usr/local/var/run/ovn",
    "/var/snap/microovn/common/run/switch",
    "/var/snap/openstack-hypervisor/common/run/openvswitch",
];

/// What variables were before a command that is told of others.
pub type VariablesBefore = Vec<(Rc<str>, Option<Variable>)>;

impl Run {
    /// Puts in front of the words of a tool what the environment says: `OVN_NB_DB` is `--db`. Gives the reason where
    /// the environment says what is not followed.
    pub fn tell(&self, words: &mut Vec<Word>) -> Option<String> {
        let first = words.first()?.clone();
        let (database, daemon, options, directory) = match first.base_name() {
            "ovs-vsctl" => (None, None, None, "OVS_RUNDIR"),
            "ovn-nbctl" => (
                Some("OVN_NB_DB"),
                Some("OVN_NB_DAEMON"),
                Some("OVN_NBCTL_OPTIONS"),
                "OVN_RUNDIR",
            ),
            "ovn-sbctl" => (
                Some("OVN_SB_DB"),
                Some("OVN_SB_DAEMON"),
                Some("OVN_SBCTL_OPTIONS"),
                "OVN_RUNDIR",
            ),
            "ovs-ofctl" | "ovs-appctl" | "ovs-dpctl" | "ovn-appctl" => {
                (None, None, None, "OVS_RUNDIR")
            }
            _ => return None,
        };
        let given = |name: Option<&str>| self.given_to_programs(name?);
        let has = |option: &str| {
            let mut behind = words.iter().skip(1).map(|word| word.text.as_str());
            behind.any(|text| {
                text == option
                    || text
                        .strip_prefix(option)
                        .is_some_and(|rest| rest.starts_with('='))
            })
        };
        let mut told: Vec<Word> = Vec::new();
        let mut tell = |prefix: &str, value: &Value| {
            let (text, why) = match value {
                Value::Text(text) => (&**text, None),
                Value::List(_) => ("", Some("an array")),
                Value::Unknown(why) => ("", Some(&**why)),
            };
            let mut word = Word::literal(&format!("{prefix}{text}"), first.place.clone());
            word.unknown = why.map(|why| (first.place.clone(), why.to_owned()));
            told.push(word);
        };
        match given(options) {
            Some(Value::Text(text)) => {
                let words = text.split_whitespace();
                words.for_each(|word| tell("", &Value::text(word)));
            }
            Some(value) => tell("--db=", value),
            None => {}
        }
        let is_set = |value: &&Value| !matches!(value, Value::Text(text) if text.is_empty());
        if let Some(value) = given(daemon)
            .filter(is_set)
            .filter(|_| !has("--db") && !has("-u") && !has("--unixctl"))
        {
            tell("--unixctl=", value);
        }
        let is_named = has("--db");
        match given(database).filter(is_set) {
            Some(value) if !is_named => tell("--db=", value),
            Some(_) => {}
            None if is_named => {}
            None => match given(Some(directory)).filter(is_set) {
                Some(Value::Text(text)) if STANDARD.contains(&text.trim_end_matches('/')) => {}
                Some(Value::Text(text)) if first.base_name() == "ovs-vsctl" => {
                    tell("--db=", &Value::text(&format!("unix:{text}/db.sock")));
                }
                Some(_) => {
                    return Some(format!("`{directory}` names another directory of sockets"));
                }
                None => {}
            },
        }
        words.splice(1..1, told);
        None
    }

    fn given_to_programs(&self, name: &str) -> Option<&Value> {
        let variable = self.variables.get(name)?;
        (variable.scope == Scope::Exported).then_some(&variable.value)
    }

    /// Exports variables for one command; gives what they were.
    pub fn lend(&mut self, assignments: &[Assignment]) -> VariablesBefore {
        let mut before = VariablesBefore::new();
        for assignment in assignments {
            let value = match &assignment.value {
                Assigned::Word(tree) => self.value(tree),
                Assigned::Append(tree) => {
                    self.whole(tree);
                    Value::unknown("a variable that is added to")
                }
                Assigned::Array(trees) | Assigned::Other(trees) => {
                    for tree in trees {
                        self.words(tree);
                    }
                    Value::unknown("an array")
                }
            };
            before.push(self.lend_one(&assignment.name, value));
        }
        before
    }

    fn lend_one(&mut self, name: &Rc<str>, value: Value) -> (Rc<str>, Option<Variable>) {
        self.keep_secret(name, &value);
        let variable = Variable {
            value,
            scope: Scope::Exported,
        };
        (name.clone(), self.variables.replace(name, Some(variable)))
    }

    /// Takes back what was lent.
    pub fn take_back(&mut self, before: VariablesBefore) {
        for (name, old) in before.into_iter().rev() {
            self.variables.replace(&name, old);
        }
    }

    /// What `env`, `sudo` and `docker exec` say of the environment of what they run, among the words in front of it.
    pub fn lend_words(&mut self, words: &[Word]) -> VariablesBefore {
        let mut before = VariablesBefore::new();
        let Some((program, rest)) = words.split_first() else {
            return before;
        };
        let name = program.base_name();
        let has = |options: &[&str]| {
            rest.iter()
                .any(|word| options.contains(&word.text.as_str()))
        };
        let keeps = has(&["-E", "--preserve-env"])
            || rest
                .iter()
                .any(|word| word.text.starts_with("--preserve-env"));
        let cleans = matches!(name, "sudo" | "doas" | "su") && !keeps;
        let is_empty = name == "env" && has(&["-i", "-", "--ignore-environment"]);
        for own in OWN.map(Rc::<str>::from) {
            if self.given_to_programs(&own).is_none() {
                continue;
            }
            if is_empty {
                before.push((own.clone(), self.variables.replace(&own, None)));
            } else if cleans {
                let why = format!("whether `{name}` passes `{own}` on");
                before.push(self.lend_one(&own, Value::unknown(&why)));
            }
        }
        let mut rest = rest.iter();
        while let Some(word) = rest.next() {
            let text = word.text.as_str();
            let assigned = match (name, text) {
                ("env", "-u" | "--unset") => {
                    if let Some(word) = rest.next() {
                        let own = Rc::from(word.text.as_str());
                        before.push((Rc::clone(&own), self.variables.replace(&own, None)));
                    }
                    continue;
                }
                ("docker" | "podman" | "nerdctl", "-e" | "--env") => rest.next(),
                ("docker" | "podman" | "nerdctl", _) if text.starts_with("--env=") => Some(word),
                ("env" | "sudo" | "doas", _) => Some(word),
                _ => None,
            };
            let text = assigned.map_or("", |word| word.text.as_str());
            let text = text.strip_prefix("--env=").unwrap_or(text);
            if let (Some((own, value)), Some(word)) = (text.split_once('='), assigned)
                && super::here::identifier_length(own) == own.len()
            {
                let value = match &word.unknown {
                    Some((_, why)) => Value::unknown(why),
                    None => Value::text(value),
                };
                before.push(self.lend_one(&Rc::from(own), value));
            }
        }
        before
    }
}
