//! `docker`, `podman` and `kubectl`: containers that start and stop.

use crate::read::script::Word;

use super::options::{self, Line, Stand};
use super::service::of;
use super::{Act, Verb, invalid, named, unpredicted};

/// Options whose value may be the next word; `-f` is not one: `docker rm -f`.
const VALUED: [&str; 14] = [
    "-H",
    "--host",
    "-c",
    "--context",
    "--config",
    "-l",
    "--log-level",
    "-t",
    "--time",
    "--timeout",
    "-s",
    "--signal",
    "--detach-keys",
    "--filter",
];

/// Words that make a cluster's resource one of the network's.
const OURS: [&str; 6] = ["ovn", "ovs", "openvswitch", "neutron", "network", "cni"];

/// What a command line of `docker` or `podman` does.
pub fn acts(words: &[Word]) -> Vec<Act> {
    let global = options::split(words, Stand::First, &VALUED);
    let inner: Vec<Word> = global.words.iter().map(|word| (*word).clone()).collect();
    let inner = match inner.split_first() {
        Some((word, rest)) if word.text == "container" => rest,
        _ => &inner[..],
    };
    let Some((verb, rest)) = inner.split_first() else {
        return vec![Act::Reads];
    };
    // `-l` and `-a` take no value here.
    let valued: Vec<&str> = VALUED
        .into_iter()
        .filter(|name| !matches!(*name, "-l" | "-c"))
        .collect();
    let line = options::split(rest, Stand::Anywhere, &valued);
    let verb = match verb.text.as_str() {
        "start" | "unpause" => Verb::Start,
        "stop" | "kill" | "pause" => Verb::Stop,
        "restart" => Verb::Restart,
        "rm" if line.has(&["-f", "--force"]) => Verb::Stop,
        // A container that runs is not removed.
        "rm" => return vec![Act::Harmless],
        "ps" | "logs" | "inspect" | "images" | "image" | "top" | "stats" | "port" | "version"
        | "info" | "diff" | "pull" | "push" | "build" | "tag" | "login" | "logout" | "search"
        | "history" | "events" | "save" => {
            return vec![Act::Reads];
        }
        other => {
            return vec![unpredicted(format!(
                "what `{other}` does to which containers"
            ))];
        }
    };
    of_containers(&line, verb)
}

fn of_containers(line: &Line, verb: Verb) -> Vec<Act> {
    if line.has(&["-a", "--all", "-l", "--latest", "--filter"]) && line.words.is_empty() {
        return vec![unpredicted("which containers there are")];
    }
    if let Some(signal) = line.value(&["-s", "--signal"]) {
        let ends = ["TERM", "KILL", "INT", "9", "15", "2"];
        if !ends.contains(&signal.trim_start_matches("SIG")) {
            return vec![unpredicted(format!("what the signal {signal} does"))];
        }
    }
    if line.words.is_empty() {
        return vec![invalid("requires at least 1 argument.")];
    }
    let acts = line.words.iter().map(|word| {
        let is_id = word.text.len() >= 12 && word.text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_id {
            return unpredicted(format!("which container {} is", word.text));
        }
        Act::Service {
            service: of(&word.text),
            verb,
            name: named(word),
        }
    });
    acts.collect()
}

/// What a command line of `kubectl` does.
pub fn in_cluster(words: &[Word]) -> Act {
    let valued = [
        "-n",
        "--namespace",
        "--context",
        "--kubeconfig",
        "-l",
        "--selector",
        "-f",
        "--filename",
        "-c",
    ];
    let line = options::split(words, Stand::Anywhere, &valued);
    let texts: Vec<&str> = line.words.iter().map(|word| word.text.as_str()).collect();
    let what = match texts[..] {
        ["rollout", "status" | "history", ..]
        | [
            "get" | "describe" | "logs" | "top" | "explain" | "version" | "cluster-info"
            | "api-resources" | "api-versions" | "wait" | "diff" | "auth" | "events" | "config"
            | "options" | "completion",
            ..,
        ] => return Act::Reads,
        ["rollout", _, ref what @ ..] | ["delete" | "scale", ref what @ ..] => what,
        _ => return unpredicted("what this does to which nodes"),
    };
    // A file, a selector or all of a kind may be anything.
    let by_name = !line.has(&[
        "-f",
        "--filename",
        "-l",
        "--selector",
        "--all",
        "-k",
        "--kustomize",
    ]);
    if by_name && is_unrelated(what) {
        return Act::Harmless;
    }
    unpredicted("on which nodes the pods run")
}

/// Whether everything that is named is a workload of something else.
fn is_unrelated(what: &[&str]) -> bool {
    let kinds = [
        "pod",
        "pods",
        "po",
        "deployment",
        "deployments",
        "deploy",
        "daemonset",
        "daemonsets",
        "ds",
        "statefulset",
        "statefulsets",
        "sts",
        "job",
        "jobs",
        "cronjob",
        "configmap",
        "cm",
        "secret",
    ];
    let split: Vec<&str> = what.iter().flat_map(|word| word.split('/')).collect();
    let Some((kind, names)) = split.split_first() else {
        return false;
    };
    let is_ours = |name: &&str| OURS.iter().any(|ours| name.contains(ours));
    kinds.contains(kind) && !names.is_empty() && !names.iter().any(is_ours)
}
