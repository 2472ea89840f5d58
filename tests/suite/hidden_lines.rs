//! Scripts in which a harmful line is hidden in each way that a shell, a Makefile and a unit have: none is passed over.

use serde_json::Value;

use crate::command_line::{Scratch, ovnlint};

/// What a script is called, and what it says. Each takes br-ex, on which the management address of os-network sits, or
/// does what nobody here can tell; what stands around it is harmless.
const HIDDEN: [(&str, &str); 75] = [
    (
        "a.sh",
        "cat > a.service <<END\n[Service]\nExecStart=/bin/true\nEND\novs-vsctl del-br br-ex",
    ),
    ("a.sh", "cat < <(ovs-vsctl del-br br-ex)"),
    (
        "a.sh",
        "while read x; do :; done < <(ovs-vsctl del-br br-ex)",
    ),
    ("a.sh", "echo x > >(ovs-vsctl del-br br-ex)"),
    ("a.sh", "{ cat; } <<END\n$(ovs-vsctl del-br br-ex)\nEND"),
    (
        "a.sh",
        "f() { bash; }; f <<END\novs-vsctl del-br br-ex\nEND",
    ),
    ("a.sh", "A=$(ovs-vsctl del-br br-ex) true"),
    ("a.sh", "A+=(\"$(ovs-vsctl del-br br-ex)\")"),
    ("a.sh", "A[0]=$(ovs-vsctl del-br br-ex)"),
    ("a.sh", "export A=`ovs-vsctl del-br br-ex`"),
    ("a.sh", "echo $(( $(ovs-vsctl del-br br-ex) + 1 ))"),
    ("a.sh", "(( x = $(ovs-vsctl del-br br-ex) ))"),
    ("a.sh", "x=abc; echo ${x/a/$(ovs-vsctl del-br br-ex)}"),
    ("a.sh", "case $(ovs-vsctl del-br br-ex) in *) ;; esac"),
    ("a.sh", "[ -n \"$(ovs-vsctl del-br br-ex)\" ]"),
    ("a.sh", "set -- ovs-vsctl del-br br-ex; \"$@\""),
    ("a.sh", "exec 3<>/dev/tcp/127.0.0.1/6640; echo '{}' >&3"),
    ("a.sh", "ovs-vsctl del-br br-ex"),
    (
        "a.sh",
        "echo ok; sleep 1; cd /opt && ovs-vsctl del-br br-ex",
    ),
    (
        "a.sh",
        "[ -x /usr/bin/ovs-vsctl ] && ovs-vsctl del-br br-ex",
    ),
    (
        "a.sh",
        "command -v ovs-vsctl >/dev/null && ovs-vsctl del-br br-ex",
    ),
    (
        "a.sh",
        "sudo -n env LC_ALL=C nohup timeout 5 nice ovs-vsctl del-br br-ex &>/dev/null",
    ),
    ("a.sh", "env -S 'ovs-vsctl del-br br-ex'"),
    ("a.sh", "eval \"ovs-vsctl del-br br-ex\""),
    ("a.sh", "X='ovs-vsctl del-br br-ex'; $X"),
    ("a.sh", "X=vsctl; ovs-$X del-br br-ex"),
    ("a.sh", "o\\vs-vs''ctl del-\"br\" br-ex"),
    ("a.sh", "$(echo ovs-vsctl) del-br br-ex"),
    ("a.sh", "`echo ovs-vsctl` del-br br-ex"),
    ("a.sh", "bash <<END\novs-vsctl del-br br-ex\nEND"),
    ("a.sh", "bash -c 'ovs-vsctl del-br br-ex'"),
    ("a.sh", "bash < fix.sh"),
    ("a.sh", "cat fix.sh | sh"),
    ("a.sh", "echo 'ovs-vsctl del-br br-ex' | bash"),
    ("a.sh", "echo 'ovs-vsctl del-br br-ex' | at now"),
    ("a.sh", "echo br-ex | xargs ovs-vsctl del-br"),
    (
        "a.sh",
        "echo br-ex | xargs -I{} sh -c 'ovs-vsctl del-br {}'",
    ),
    ("a.sh", "find /etc/openvswitch -name conf.db -exec rm {} +"),
    ("a.sh", "find /etc/openvswitch -name conf.db -delete"),
    ("a.sh", "parallel ovs-vsctl del-br ::: br-ex"),
    ("a.sh", "flock /tmp/l ovs-vsctl del-br br-ex"),
    ("a.sh", "flock /tmp/l -c 'ovs-vsctl del-br br-ex'"),
    ("a.sh", "watch -n1 ovs-vsctl del-br br-ex"),
    ("a.sh", "trap 'ovs-vsctl del-br br-ex' EXIT"),
    ("a.sh", "f() { ovs-vsctl del-br \"$1\"; }; f br-ex"),
    ("a.sh", "(ovs-vsctl del-br br-ex) &"),
    ("a.sh", "! ovs-vsctl del-br br-ex"),
    ("a.sh", "echo $(ovs-vsctl del-br br-ex)"),
    ("a.sh", "x=`ovs-vsctl del-br br-ex`"),
    ("a.sh", "cat <(ovs-vsctl del-br br-ex)"),
    ("a.sh", "cat <<END\n$(ovs-vsctl del-br br-ex)\nEND"),
    (
        "a.sh",
        "for b in $(seq 1 2) br-ex; do ovs-vsctl --if-exists del-br $b; done",
    ),
    (
        "a.sh",
        "while read b; do ovs-vsctl del-br $b; done <<END\nbr-ex\nEND",
    ),
    ("a.sh", "select b in br-ex; do ovs-vsctl del-br $b; done"),
    ("a.sh", "case br-ex in br-*) ovs-vsctl del-br br-ex;; esac"),
    ("a.sh", "#!/bin/sh\nalias v=ovs-vsctl\nv del-br br-ex"),
    ("a.sh", ". ./functions; del_bridge"),
    (
        "a.sh",
        "python3 -c 'import os; os.system(\"ovs-vsctl del-br br-ex\")'",
    ),
    ("a.sh", "perl -e 'exec \"reboot\"'"),
    ("a.sh", "awk 'BEGIN { system(\"ovs-vsctl del-br br-ex\") }'"),
    ("a.sh", "sed -n '1e ovs-vsctl del-br br-ex' /etc/hosts"),
    (
        "a.sh",
        "tar cf x.tar . --checkpoint=1 --checkpoint-action=exec='ovs-vsctl del-br br-ex'",
    ),
    ("a.sh", "echo > /etc/openvswitch/conf.db"),
    ("a.sh", "cp /root/old /etc/openvswitch/conf.db"),
    ("a.sh", "microovn.ovs-vsctl del-br br-ex"),
    ("a.sh", "kubectl ko vsctl os-network del-br br-ex"),
    ("a.sh", "/etc/init.d/openvswitch-switch stop"),
    ("a.sh", "apt-get -y purge openvswitch-switch"),
    ("a.sh", "kolla-ansible -i multinode deploy"),
    ("paste", "[root@os-network ~]# ovs-vsctl del-br br-ex"),
    (
        "paste",
        "root@os-network:~# ovs-vsctl show\nBridge br-ex\nroot@os-network:~# ovs-vsctl del-br br-ex",
    ),
    ("Makefile", "B = br-ex\nall:\n\t@-ovs-vsctl del-br $(B)\n"),
    ("Makefile", "X := $(shell ovs-vsctl del-br br-ex)\n"),
    (
        "a.service",
        "[Service]\nExecStartPre=-+/usr/bin/ovs-vsctl del-br br-ex\n",
    ),
    (
        "a.service",
        "[Service]\nExecStart=/bin/sh -c \\\n  'ovs-vsctl del-br br-ex'\n",
    ),
];

#[test]
fn no_harmful_line_is_passed_over() {
    let scratch = Scratch::new("hidden");
    let site = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/ovn/before");
    for (at, (name, text)) in HIDDEN.iter().enumerate() {
        let path = format!("{at}/{name}");
        scratch.write(&path, *text);
        let arguments = [
            "plan",
            site,
            "--node",
            "os-network",
            "--script",
            &path,
            "--format",
            "json",
        ];
        let output = ovnlint(&arguments, scratch.path());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{text}\n{said}");
        let answer: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        let findings = answer["findings"].as_array().expect("findings");
        let told = findings.iter().any(|finding| {
            let lint = finding["lint"].as_str().unwrap_or_default();
            finding["level"] == "error"
                && matches!(lint, "change_cuts_management" | "change_unpredicted")
        });
        assert!(told, "{text}\n{}", answer["plan"]["verdict"]);
    }
}

#[test]
fn the_verdict_counts_what_was_not_looked_at() {
    let scratch = Scratch::new("counted");
    let site = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/ovn/before");
    let cases = [
        (
            "echo start\novs-vsctl show\nkolla-ansible deploy\nsleep 1\nrm -rf $DIR\n",
            "this changes nothing in 3 of 5 commands; 2 were not looked at: kolla-ansible, rm",
            (5, 3, vec!["kolla-ansible", "rm"]),
        ),
        (
            "/opt/bin/deploy\n",
            "the command was not looked at: deploy",
            (1, 0, vec!["deploy"]),
        ),
        (
            "make a\nmake b\n",
            "all 2 commands were not looked at: make",
            (2, 0, vec!["make"]),
        ),
        ("echo hello\n", "this changes nothing", (1, 1, vec![])),
    ];
    for (text, verdict, (commands, looked_at, names)) in cases {
        scratch.write("change.sh", text);
        let arguments = [
            "plan",
            site,
            "--node",
            "os-network",
            "--script",
            "change.sh",
            "--format",
            "json",
        ];
        let output = ovnlint(&arguments, scratch.path());
        let answer: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        assert_eq!(answer["plan"]["verdict"], verdict, "{text}");
        let extent = serde_json::json!({
            "commands": commands, "looked_at": looked_at, "not_looked_at": names,
        });
        assert_eq!(answer["plan"]["extent"], extent, "{text}");
        let code = i32::from(!names.is_empty());
        assert_eq!(output.status.code(), Some(code), "{text}");
    }
}

#[test]
fn the_database_that_is_named_is_the_one_that_is_changed() {
    let scratch = Scratch::new("named");
    let site = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/ovn/before");
    // topology.toml gives os-compute2 the address 192.168.98.14.
    let cases = [
        (
            "ovs-vsctl --db=ssl:192.168.98.14:6640 del-br br-ex",
            "change_cuts_management",
            "os-compute2",
        ),
        (
            "ovs-vsctl --db=tcp:127.0.0.1:6640 del-br br-ex",
            "change_cuts_management",
            "os-network",
        ),
        (
            "ovs-vsctl --db unix:/run/openvswitch/db.sock del-br br-ex",
            "change_cuts_management",
            "os-network",
        ),
        (
            "ovs-vsctl --db=tcp:203.0.113.1:6640 del-br br-ex",
            "change_unpredicted",
            "",
        ),
        (
            "OVS_RUNDIR=/tmp/run ovs-vsctl del-br br-ex",
            "change_unpredicted",
            "",
        ),
        (
            "OVN_NB_DB=tcp:203.0.113.1:6641 ovn-nbctl ls-add x",
            "change_unpredicted",
            "",
        ),
        (
            "ovn-nbctl -u /tmp/socket ls-add x",
            "change_unpredicted",
            "",
        ),
    ];
    for (text, lint, node) in cases {
        scratch.write("change.sh", text);
        let arguments = [
            "plan",
            site,
            "--node",
            "os-network",
            "--script",
            "change.sh",
            "--format",
            "json",
        ];
        let output = ovnlint(&arguments, scratch.path());
        let answer: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        let findings = answer["findings"].as_array().expect("findings");
        let cut: Vec<&Value> = findings
            .iter()
            .filter(|finding| {
                matches!(
                    finding["lint"].as_str(),
                    Some("change_cuts_management" | "change_unpredicted")
                )
            })
            .collect();
        assert_eq!(cut.len(), 1, "{text}: {findings:?}");
        assert_eq!(cut[0]["lint"], lint, "{text}");
        if !node.is_empty() {
            assert_eq!(cut[0]["nodes"], serde_json::json!([node]), "{text}");
        }
    }
    let dry = "OVN_NBCTL_OPTIONS=--dry-run ovn-nbctl ls-add x";
    scratch.write("change.sh", dry);
    let arguments = ["plan", site, "--script", "change.sh", "--format", "json"];
    let output = ovnlint(&arguments, scratch.path());
    let answer: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    assert_eq!(answer["plan"]["changes"], serde_json::json!([]), "{dry}");
}
