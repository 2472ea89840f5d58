//! Secrets in every form that operators write them in: no report of any format, no baseline, no patch, no listing and
//! no complaint holds one, and what operators need stays readable.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::command_line::{Scratch, ovnlint};

/// What no output may hold.
const WORD: &str = "S3kr1t";

/// Lines of an ini file.
const OPTIONS: &[&str] = &[
    "adminpw = S3kr1t",
    "dbpass = S3kr1t",
    "apikey = S3kr1t",
    "ipsec_psk = S3kr1t",
    "preshared_key = S3kr1t",
    "pre_shared_key: S3kr1t",
    "encryption_key = S3kr1t",
    "heartbeat_key = S3kr1t",
    "access_key = S3kr1t",
    "aws_secret_access_key = S3kr1t",
    "credential = S3kr1t",
    "credentials = admin:S3kr1t",
    "passwords = S3kr1t,S3kr1t",
    "secrets = S3kr1t",
    "server_auth = admin:S3kr1t",
    "header = Authorization: Bearer S3kr1t",
    "header = Authorization: Basic S3kr1t",
    "header = X-Auth-Token: S3kr1t",
    "url = //admin:S3kr1t@h",
    "url = https://admin:S3kr1t@h/x",
    "transport_url=rabbit://u:a@h1:5672,u2:S3kr1t@h2/",
    "connection = mysql+pymysql://neutron:S3kr1t@db/neutron?charset=utf8",
    "private_key = -----BEGIN RSA PRIVATE KEY-----\n  S3kr1tMIIE\n  S3kr1t==\n  -----END RSA PRIVATE KEY-----",
    "key = -----BEGIN PRIVATE KEY-----\\nS3kr1t\\n-----END PRIVATE KEY-----",
    "# admin password: S3kr1t",
    "# mysql -uroot -pS3kr1t neutron",
    "# curl -u admin:S3kr1t http://h/",
    "password\n= S3kr1t",
];

/// Lines of a script, which commands may repeat after the shell's expansion.
const COMMANDS: &[&str] = &[
    "ovs-vsctl frob --password S3kr1t",
    "ovs-vsctl frob --password=S3kr1t",
    "PASS=S3kr1t; ovs-vsctl set open . external_ids:ovn-encap-ip=$PASS",
    "PASS='S3kr1t'; ovs-vsctl set open . external_ids:ovn-encap-ip=\"${PASS}\"",
    "PASS=S3k\\r1t; ovs-vsctl set open . external_ids:ovn-encap-ip=$PASS",
    "PASS=S3k\"r1t\"; X=$PASS; ovs-vsctl set open . external_ids:ovn-encap-ip=$X",
    "DB_PASSWORD=S3kr1t; ovs-vsctl set open . external_ids:x=pre${DB_PASSWORD}post",
    "export OS_PASSWORD=S3kr1t\novs-vsctl set open . external_ids:x=$OS_PASSWORD",
    "for TOKEN in S3kr1t; do ovs-vsctl set open . external_ids:x=$TOKEN; done",
    "X=S3kr1t; ovs-vsctl frob --password $X; ovs-vsctl set open . external_ids:x=$X",
    "PASS=S3kr1t; ovs-vsctl add-port br-ex $PASS",
    "PASS=S3kr1t; ovs-vsctl set open . external_ids:ovn-bridge-mappings=$PASS:br-nowhere",
    "PASS=S3kr1t; ovs-vsctl set-manager $PASS",
    "PASS=S3kr1t ovs-vsctl del-br br-ex",
    "SSHPASS=S3kr1t sshpass -e ssh n1 ovs-vsctl del-br br-ex",
    "sshpass -p S3kr1t ssh n1 ovs-vsctl del-br br-ex",
    "sshpass -pS3kr1t ssh n1 ovs-vsctl del-br br-ex",
    "sshpass -p 'S3kr1t x' ssh n1 ovs-vsctl del-br br-ex",
    "sshpass -p \\\n  S3kr1t ssh n1 ovs-vsctl del-br br-ex",
    "mysql -uroot -pS3kr1t neutron; ovs-vsctl del-br br-ex",
    "mysqldump -u root -p'S3kr1t' neutron; ovs-vsctl del-br br-ex",
    "docker login -u u -p S3kr1t registry; ovs-vsctl del-br br-ex",
    "echo S3kr1t | docker login --password-stdin; ovs-vsctl del-br br-ex",
    "curl -u admin:S3kr1t http://h/; ovs-vsctl del-br br-ex",
    "curl --user admin:S3kr1t http://h/; ovs-vsctl del-br br-ex",
    "curl -H 'Authorization: Bearer S3kr1t' http://h/; ovs-vsctl del-br br-ex",
    "curl -H \"X-Auth-Token: S3kr1t\" http://h/; ovs-vsctl del-br br-ex",
    "curl https://admin:S3kr1t@h/; ovs-vsctl del-br br-ex",
    "echo S3kr1t | sudo -S ovs-vsctl del-br br-ex",
    "echo 'S3kr1t' | sudo -kS ovs-vsctl del-br br-ex",
    "printf '%s\\n' S3kr1t | sudo -S ovs-vsctl del-br br-ex",
    "sudo -S ovs-vsctl del-br br-ex <<< S3kr1t",
    "echo root:S3kr1t | chpasswd; ovs-vsctl del-br br-ex",
    "openstack --os-password S3kr1t network list; ovs-vsctl del-br br-ex",
    "openstack user create --password S3kr1t u; ovs-vsctl del-br br-ex",
    "rabbitmqctl add_user neutron S3kr1t; ovs-vsctl del-br br-ex",
    "crudini --set /etc/neutron/neutron.conf keystone_authtoken password S3kr1t; ovs-vsctl del-br br-ex",
    "redis-cli -a S3kr1t ping; ovs-vsctl del-br br-ex",
    "ipmitool -H h -U u -P S3kr1t power off; ovs-vsctl del-br br-ex",
    "ldapsearch -D cn=x -w S3kr1t; ovs-vsctl del-br br-ex",
    "plink -pw S3kr1t n1; ovs-vsctl del-br br-ex",
    "keytool -storepass S3kr1t; ovs-vsctl del-br br-ex",
    "openssl rsa -passin pass:S3kr1t; ovs-vsctl del-br br-ex",
    "bash -c \"mysql -uroot -pS3kr1t x\"; ovs-vsctl del-br br-ex",
    "mysql -e \"CREATE USER x IDENTIFIED BY 'S3kr1t'\"; ovs-vsctl del-br br-ex",
    "ovs-vsctl set Interface v1 options:psk=S3kr1t",
    "ovs-vsctl add-port br-ex t -- set Interface t type=gre options:remote_ip=192.0.2.1 options:psk=S3kr1t",
    "ovs-vsctl frob --token S3kr1t x",
    "S3kr1t_unset; PASS=S3kr1t; if [ $PASS",
];

/// What operators need to see: each stands in the text of the plan.
const VISIBLE: &[(&str, &str)] = &[
    (
        "mkdir -p /run/openvswitch; ovs-vsctl del-br br-ex",
        "mkdir -p /run/openvswitch",
    ),
    ("ssh -p 22 n1 ovs-vsctl del-br br-ex", "ssh -p 22 n1"),
    (
        "docker run -p 8080:80 x; ovs-vsctl del-br br-ex",
        "docker run -p 8080:80 x",
    ),
    (
        "mysql -p neutron; ovs-vsctl del-br br-ex",
        "mysql -p neutron",
    ),
    (
        "ovs-vsctl set-ssl /etc/p/private_key.pem /etc/p/cert.pem /etc/p/ca.pem",
        "/etc/p/private_key.pem",
    ),
    (
        "ovs-vsctl add-port br-ex t -- set Interface t type=gre options:remote_ip=192.0.2.1 options:key=77",
        "options:key=77",
    ),
    (
        "ovs-vsctl set open . external_ids:ovn-remote=tcp:192.0.2.9:6642",
        "ovn-remote=tcp:192.0.2.9:6642",
    ),
    (
        "ovs-vsctl set open . other_config:ct-zone-limit=5",
        "ct-zone-limit=5",
    ),
    (
        "ovs-vsctl -- --id=@p create Port name=pp -- add Bridge br-ex ports @p",
        "--id=@p create Port name=pp",
    ),
    (
        "curl -u admin http://h/; ovs-vsctl del-br br-ex",
        "curl -u admin http://h/",
    ),
    (
        "echo done | tee /tmp/x; ovs-vsctl del-br br-ex",
        "echo done | tee",
    ),
    (
        "ldapsearch -s sub -b dc=x; ovs-vsctl del-br br-ex",
        "ldapsearch -s sub",
    ),
    (
        "systemctl restart getty@tty1; ovs-vsctl del-br br-ex",
        "getty@tty1",
    ),
];

const FORMATS: [&str; 9] = [
    "text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown",
];

/// Everything that a run put out, by what it is called.
fn outputs(arguments: &[&str], directory: &Path) -> Vec<(String, String)> {
    let out = directory.join("out");
    fs::create_dir_all(&out).expect("it can be made");
    let targets: Vec<String> = FORMATS
        .iter()
        .map(|format| format!("--format={format}=out/{format}"))
        .collect();
    let mut all: Vec<&str> = arguments.to_vec();
    all.extend(targets.iter().map(String::as_str));
    let mut found = streams(&ovnlint(&all, directory));
    for format in FORMATS {
        // A script that is none is refused before anything is reported.
        if let Ok(text) = fs::read_to_string(out.join(format)) {
            found.push((format.to_owned(), text));
        }
    }
    found
}

fn streams(output: &Output) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it is text");
    vec![
        ("standard output".to_owned(), text(&output.stdout)),
        ("standard error".to_owned(), text(&output.stderr)),
    ]
}

fn assert_silent(form: &str, outputs: &[(String, String)]) {
    for (name, text) in outputs {
        let leak = text.lines().find(|line| line.contains(WORD));
        assert_eq!(leak, None, "{name} of {form}");
    }
}

fn report_of<'o>(outputs: &'o [(String, String)], format: &str) -> &'o str {
    let found = outputs.iter().find(|(name, _)| name == format);
    found.map_or("", |(_, text)| text)
}

#[test]
fn no_output_of_a_check_holds_a_secret() {
    for (number, form) in OPTIONS.iter().enumerate() {
        let scratch = Scratch::new(&format!("secret-option-{number}"));
        let behind = form
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches(['#', ' ']);
        scratch
            .write("s/ml2_conf.ini", format!("[ml2_type_geneve]\n{form}\nvni_ranges = 5:1\n"))
            .write("s/a/ml2_conf.ini", format!("[ml2_type_geneve]\nvni_ranges = 5:1 # {behind}\n"))
            .write(
                "s/n1/external_ids.txt",
                "{hostname=n1, ovn-bridge-mappings=\"https://u:S3kr1t@h/x:y\", ovn-encap-ip=\"10.0.0.1\", \
                 ovn-encap-type=geneve, ovn-remote=\"tcp:192.0.2.1:6642\", system-id=n1}\n",
            )
            .write("s/topology.toml", "[nodes.n1]\npassword = S3kr1t\n");
        let shown = outputs(&["check", "s"], scratch.path());
        assert!(
            report_of(&shown, "json").contains("tunnel_range_invalid"),
            "{form}"
        );
        assert_silent(form, &shown);
        for arguments in [
            &["check", "s", "--baseline", "b.json", "--write-baseline"][..],
            &["check", "s", "--diff"],
            &["check", "s", "--show-files"],
            &["show", "s"],
            &["show", "s", "--format", "json"],
        ] {
            assert_silent(form, &streams(&ovnlint(arguments, scratch.path())));
        }
        let baseline = fs::read_to_string(scratch.path().join("b.json")).expect("it was written");
        assert!(
            baseline.contains("tunnel_range_invalid"),
            "{form}: {baseline}"
        );
        assert!(!baseline.contains(WORD), "{form}: {baseline}");
        let again = ovnlint(&["check", "s", "--baseline", "b.json"], scratch.path());
        let again = String::from_utf8_lossy(&again.stdout).into_owned();
        assert!(!again.contains("tunnel_range_invalid"), "{form}: {again}");
    }
}

#[test]
fn settings_that_are_wrong_are_said_without_their_secrets() {
    for (text, said) in [
        (
            "[lints.management_captured]\npassword = S3kr1t\n",
            "ovnlint.toml:2",
        ),
        ("password = \"S3kr1t\"\n", "ovnlint.toml:1"),
        ("fail_on = \"https://u:S3kr1t@h\"\n", "ovnlint.toml:1"),
    ] {
        let scratch = Scratch::new("secret-settings");
        scratch
            .write("s/ovnlint.toml", text)
            .write("s/ml2_conf.ini", "[ml2]\n");
        let output = ovnlint(&["check", "s"], scratch.path());
        assert_silent(text, &streams(&output));
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(said),
            "{text}"
        );
    }
}

fn site(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch.write(
        "s/n1/show.txt",
        "5342aa9b-7c09-49aa-97d8-69c3a080abbc\n    Bridge br-ex\n        Port v1\n            Interface v1\n",
    );
    scratch
}

#[test]
fn no_output_of_a_plan_holds_a_secret() {
    for (number, form) in COMMANDS.iter().enumerate() {
        let scratch = site(&format!("secret-command-{number}"));
        scratch.write("c.sh", format!("{form}\n"));
        let shown = outputs(
            &["plan", "s", "--script", "c.sh", "--node", "n1"],
            scratch.path(),
        );
        let told = report_of(&shown, "json").contains("ovs-vsctl");
        let refused = report_of(&shown, "standard error").contains("c.sh:");
        assert!(told || refused, "{form}: {shown:?}");
        assert_silent(form, &shown);
    }
}

#[test]
fn what_operators_need_stays_readable() {
    for (number, (form, needed)) in VISIBLE.iter().enumerate() {
        let scratch = site(&format!("secret-visible-{number}"));
        scratch.write("c.sh", format!("{form}\n"));
        let shown = outputs(
            &["plan", "s", "--script", "c.sh", "--node", "n1"],
            scratch.path(),
        );
        let text = report_of(&shown, "text");
        assert!(text.contains(needed), "{form}: {text}");
    }
}

#[test]
fn what_a_terminal_or_a_log_obeys_stays_out_of_every_stream() {
    let scratch = Scratch::new("secret-hostile");
    let hostile = "x\u{1b}[31m\u{202e}\n::error::PWN\r##[group]";
    scratch
        .write("s/ml2_conf.ini", "[ml2]\n")
        .write(&format!("s/{}", hostile.replace('/', "")), "");
    scratch.write("s/::error title=x::PWNED", "");
    for arguments in [
        &["check", "s", "--show-files"][..],
        &["check", hostile],
        &["check", "s", "--against", hostile],
        &["check", "s", "--against", "./none\n::error::PWN"],
        &["check", "s", "--config", hostile],
        &["check", "s", "--baseline", hostile],
        &["check", "s", hostile, "--fail-on", hostile],
        &["show", "s", "--node", hostile],
        &["explain", hostile],
        &["config", "--config", hostile],
        &["plan", "s", "--script", hostile],
        &["plan", "s", "--node", hostile, "--", "ovs-vsctl", "show"],
        &["man", hostile],
        &[hostile],
    ] {
        for (name, text) in streams(&ovnlint(arguments, scratch.path())) {
            let obeyed = |line: &str| {
                line.trim_start().starts_with("::")
                    || line.contains("##[")
                    || line.contains(|c: char| c.is_control() || c == '\u{202e}')
            };
            let line = text.lines().find(|line| obeyed(line));
            assert_eq!(line, None, "{name} of {arguments:?}");
        }
    }
}
