//! A harmful line in every spelling that Ansible, Markdown and cloud-init have: it is followed, not predicted, or
//! refused, each at its place, and never nothing.

use std::path::PathBuf;

use clap::Parser;
use ovnlint::cli::{self, Arguments, Surroundings};
use serde_json::Value;

use crate::command_line::Scratch;
use Told::{Cuts, Refused, Unpredicted};

const SITE: &str = "testdata/ovn/before";

/// What is said of the harmful line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// That it cuts the management network of this node.
    Cuts(&'static str),
    /// That it is not predicted.
    Unpredicted,
    /// That the program it is for refuses the file.
    Refused,
}

/// What is told of it, the line where, and the file.
type Case = (Told, u64, &'static str);

const COMPUTE: Told = Cuts("os-compute1");

const ANSIBLE: &[Case] = &[
    (
        COMPUTE,
        1,
        "- {name: drop, ansible.builtin.command: ovs-vsctl del-br br-ex}\n",
    ),
    (
        COMPUTE,
        1,
        "- block: [{shell: {cmd: \"ovs-vsctl del-br br-ex\"}}]\n",
    ),
    (COMPUTE, 1, "- action: command ovs-vsctl del-br br-ex\n"),
    (
        COMPUTE,
        2,
        "- action:\n    module: command ovs-vsctl del-br br-ex\n",
    ),
    (
        COMPUTE,
        3,
        "- action:\n    module: shell\n    cmd: ovs-vsctl del-br br-ex\n",
    ),
    (
        COMPUTE,
        3,
        "- action: command\n  args:\n    cmd: ovs-vsctl del-br br-ex\n",
    ),
    (
        COMPUTE,
        1,
        "- local_action: command ovs-vsctl del-br br-ex\n",
    ),
    (
        COMPUTE,
        1,
        "- service: name=openvswitch-switch state=stopped\n",
    ),
    (
        COMPUTE,
        1,
        "- action: service name='openvswitch-switch' state=\"stopped\"\n",
    ),
    (
        COMPUTE,
        1,
        "- ansible.builtin.service: {name: openvswitch-switch, state: stopped}\n",
    ),
    (
        COMPUTE,
        1,
        "- ansible.builtin.systemd_service: {name: openvswitch-switch.service, state: stopped, enabled: no}\n",
    ),
    (
        COMPUTE,
        2,
        "- sysvinit:\n  args: {name: openvswitch-switch, state: stopped}\n",
    ),
    (COMPUTE, 2, "- ? command\n  : ovs-vsctl del-br br-ex\n"),
    (
        COMPUTE,
        1,
        "- \"comma\\x6ed\": \"ovs-vsctl del\\x2dbr br-ex\"\n",
    ),
    (COMPUTE, 1, "- {\"command\": \"ovs-vsctl del-br br-ex\"}\n"),
    (
        COMPUTE,
        1,
        "[{\"name\": \"x\", \"shell\": \"ovs-vsctl del-br br-ex\"}]\n",
    ),
    (
        COMPUTE,
        2,
        "- &x\n  command: ovs-vsctl del-br br-ex\n  when: true\n- *x\n",
    ),
    (
        COMPUTE,
        4,
        "- name: one\n  vars:\n    x: &do\n      command: ovs-vsctl del-br br-ex\n  debug:\n- <<: *do\n",
    ),
    (COMPUTE, 3, "- shell: >-\n    ovs-vsctl\n    del-br br-ex\n"),
    (
        COMPUTE,
        4,
        "- shell: |\n    set -e\n\n    ovs-vsctl del-br br-ex\n",
    ),
    (COMPUTE, 1, "- command: chdir=/tmp ovs-vsctl del-br br-ex\n"),
    (
        COMPUTE,
        2,
        "- command:\n    argv: [ovs-vsctl, del-br, br-ex]\n",
    ),
    (
        COMPUTE,
        4,
        "- command:\n    argv:\n      - ovs-vsctl\n      - del-br\n      - br-ex\n",
    ),
    (COMPUTE, 1, "- raw: ovs-vsctl del-br br-ex\n"),
    (
        COMPUTE,
        1,
        "- ansible.legacy.shell: ovs-vsctl del-br br-ex\n",
    ),
    (
        COMPUTE,
        2,
        "- expect:\n    command: ovs-vsctl del-br br-ex\n    responses: {x: y}\n",
    ),
    (
        COMPUTE,
        3,
        "- command: bash\n  args:\n    stdin: ovs-vsctl del-br br-ex\n",
    ),
    (
        COMPUTE,
        1,
        "- command: ovs-vsctl del-br {{ item }}\n  loop: [br-ex]\n",
    ),
    (
        COMPUTE,
        1,
        "- command: ovs-vsctl del-br {{ item.bridge }}\n  with_items: [{bridge: br-ex}]\n",
    ),
    (
        COMPUTE,
        1,
        "- command: ovs-vsctl del-br {{ b['name'] }}\n  loop: [{name: br-ex}]\n  loop_control: {loop_var: b}\n",
    ),
    (
        COMPUTE,
        1,
        "- openvswitch.openvswitch.openvswitch_bridge: {bridge: br-ex, state: absent}\n",
    ),
    (
        COMPUTE,
        1,
        "- openvswitch_port: bridge=br-ex port=enp6s18 state=absent\n",
    ),
    (
        COMPUTE,
        1,
        "- openvswitch_db: {table: Port, record: enp6s18, col: tag, value: 77}\n",
    ),
    (
        COMPUTE,
        3,
        "- block:\n    - debug: {msg: x}\n    - command: ovs-vsctl del-br br-ex\n",
    ),
    (
        COMPUTE,
        4,
        "- block:\n    - ping:\n  always:\n    - command: ovs-vsctl del-br br-ex\n",
    ),
    (
        Cuts("os-network"),
        3,
        "- hosts: os-network\n  tasks:\n    - command: ovs-vsctl del-br br-ex\n",
    ),
    (
        Cuts("os-compute2"),
        3,
        "- hosts: all:!os-network:!os-compute1:!os-controller\n  pre_tasks:\n    - command: ovs-vsctl del-br br-ex\n",
    ),
    (
        Cuts("os-network"),
        3,
        "- hosts: [os-net*]\n  post_tasks:\n    - command: ovs-vsctl del-br br-ex\n",
    ),
    (
        Cuts("os-network"),
        1,
        "- command: ovs-vsctl del-br br-ex\n  delegate_to: os-network\n",
    ),
    (
        COMPUTE,
        3,
        "- hosts: compute\n  tasks:\n    - command: ovs-vsctl del-br br-ex\n",
    ),
    (
        COMPUTE,
        4,
        "- hosts: compute\n  tasks:\n    - name: x\n      command: ovs-vsctl del-br br-ex\r\n",
    ),
    (
        COMPUTE,
        2,
        "\u{feff}---\n- command: ovs-vsctl del-br br-ex\n",
    ),
    (
        Refused,
        3,
        "- ping:\n---\n- command: ovs-vsctl del-br br-ex\n",
    ),
    (Unpredicted, 1, "- script: fix.sh\n"),
    (Unpredicted, 1, "- include_tasks: fix.yml\n"),
    (
        Unpredicted,
        1,
        "- ansible.builtin.import_playbook: fix.yml\n",
    ),
    (Unpredicted, 3, "- hosts: all\n  roles:\n    - fix\n"),
    (
        Unpredicted,
        3,
        "- hosts: all\n  roles:\n    - {role: fix, when: x}\n",
    ),
    (
        Unpredicted,
        5,
        "- hosts: all\n  tasks:\n    - ping:\n  handlers:\n    - service: {name: openvswitch-switch, state: stopped}\n",
    ),
    (
        Unpredicted,
        4,
        "- block:\n    - ping:\n  rescue:\n    - command: ovs-vsctl del-br br-ex\n",
    ),
    (
        Unpredicted,
        2,
        "- command: ovs-vsctl del-br br-ex\n  when: x\n",
    ),
    (
        Unpredicted,
        2,
        "- command: ovs-vsctl del-br br-ex\n  tags: [never]\n",
    ),
    (Unpredicted, 1, "- command: \"{{ command }}\"\n"),
    (Unpredicted, 1, "- command: ovs-vsctl {{ verb }} br-ex\n"),
    (
        Unpredicted,
        1,
        "- service: {name: \"{{ name }}\", state: stopped}\n",
    ),
    (
        Unpredicted,
        1,
        "- service: {name: openvswitch-switch, state: \"{{ state }}\"}\n",
    ),
    (Unpredicted, 1, "- service: \"{{ arguments }}\"\n"),
    (
        Unpredicted,
        1,
        "- shell: \"import os\"\n  args: {executable: /usr/bin/python3}\n",
    ),
    (
        Unpredicted,
        1,
        "- docker_container: {name: openvswitch_vswitchd, state: started, restart: true}\n",
    ),
    (
        Unpredicted,
        1,
        "- kolla_container: {action: restart_container, name: openvswitch_vswitchd}\n",
    ),
    (
        Unpredicted,
        1,
        "- community.general.nmcli: {conn_name: br-ex, state: down}\n",
    ),
    (
        Unpredicted,
        1,
        "- apt: {name: openvswitch-switch, state: latest}\n",
    ),
    (
        Unpredicted,
        1,
        "- file: path=/etc/openvswitch/conf.db state=absent\n",
    ),
    (
        Unpredicted,
        1,
        "- copy: {src: conf.db, dest: /var/lib/openvswitch/}\n",
    ),
    (
        Unpredicted,
        1,
        "- template: {src: x.j2, dest: \"{{ path }}\"}\n",
    ),
    (
        Unpredicted,
        1,
        "- cron: {name: x, job: ovs-vsctl del-br br-ex}\n",
    ),
    (Unpredicted, 1, "- my.own.command: ovs-vsctl del-br br-ex\n"),
    (
        Unpredicted,
        1,
        "- debug: {msg: \"{{ lookup('pipe', 'ovs-vsctl del-br br-ex') }}\"}\n",
    ),
    (
        Unpredicted,
        2,
        "- debug:\n  with_pipe: ovs-vsctl del-br br-ex\n",
    ),
    (
        Unpredicted,
        2,
        "- ping:\n  vars: {x: \"{{ q( \\\"pipe\\\", 'x') }}\"}\n",
    ),
    (
        Unpredicted,
        3,
        "- hosts: all\n  module_defaults: {service: {state: stopped}}\n  tasks: [{service: {name: openvswitch-switch}}]\n",
    ),
    (
        Unpredicted,
        2,
        "- command: ovs-vsctl del-br br-ex\n  vars: {ansible_host: 192.0.2.7}\n",
    ),
    (
        Unpredicted,
        1,
        "- command: ovs-vsctl del-br br-ex\n  command: ovs-vsctl show\n",
    ),
    (Unpredicted, 2, "- command: !vault |\n    abc\n"),
    (Unpredicted, 1, "- uri: {url: http://x/, method: POST}\n"),
    (Unpredicted, 1, "tasks: ovs-vsctl del-br br-ex\n"),
    (Refused, 2, "- ping:\n  command: ovs-vsctl del-br br-ex\n"),
    (Refused, 1, "- name: ovs-vsctl del-br br-ex\n"),
    (Refused, 1, "- command: {{ ovs }} del-br br-ex\n"),
    (
        Refused,
        1,
        "- command: ovs-vsctl set open . external_ids: x\n",
    ),
    (Unpredicted, 1, "- service: openvswitch-switch stopped\n"),
    (Refused, 1, "- shell: echo 'ovs-vsctl del-br br-ex\n"),
    (
        Refused,
        2,
        "- block:\n    command: ovs-vsctl del-br br-ex\n",
    ),
    (
        Refused,
        3,
        "- hosts: all\n  tasks: []\n  command: ovs-vsctl del-br br-ex\n",
    ),
    (
        Refused,
        1,
        "- tasks:\n    - command: ovs-vsctl del-br br-ex\n",
    ),
    (Refused, 1, "- ovs-vsctl del-br br-ex\n"),
    (Refused, 2, "- command: ovs-vsctl show\n   when: x\n"),
    (Refused, 1, "- command: *x\n"),
];

const MARKDOWN: &[Case] = &[
    (COMPUTE, 3, "Text:\n\n    ovs-vsctl del-br br-ex\n"),
    (COMPUTE, 3, "Text:\n\n\tsudo ovs-vsctl del-br br-ex\n"),
    (COMPUTE, 2, "> ```bash\n> ovs-vsctl del-br br-ex\n> ```\n"),
    (
        COMPUTE,
        4,
        "> > 1. item\n> >\n> >    ~~~sh\n> >    ovs-vsctl del-br br-ex\n> >    ~~~\n",
    ),
    (
        COMPUTE,
        4,
        "* item\n\n  ```\n  ovs-vsctl del-br br-ex\n  ```\n",
    ),
    (COMPUTE, 3, "1. item\n\n       # ovs-vsctl del-br br-ex\n"),
    (
        COMPUTE,
        2,
        "````{.bash .numberLines}\novs-vsctl del-br br-ex\n````\n",
    ),
    (COMPUTE, 2, "```unheard-of\novs-vsctl del-br br-ex\n"),
    (
        COMPUTE,
        3,
        "``` SHELL script\r\novs-vsctl \\\r\n  del-br br-ex\r\n```\r\n",
    ),
    (COMPUTE, 2, "```console\n$ ovs-vsctl del-br br-ex\n```\n"),
    (
        COMPUTE,
        3,
        "> ```shell-session\n> $ ovs-vsctl \\\n> > del-br br-ex\n> ```\n",
    ),
    (
        COMPUTE,
        2,
        "<pre>\n$ ovs-vsctl <b>del-br</b> br-ex\n</pre>\n",
    ),
    (
        COMPUTE,
        2,
        "<div><pre><code>true &amp;&amp; ovs-vsctl show\n# ovs-vsctl del-br br-ex</code></pre></div>\n",
    ),
    (
        COMPUTE,
        4,
        "<details>\n\n```bash\novs-vsctl del-br br-ex\n```\n</details>\n",
    ),
    (COMPUTE, 2, "```\nsystemctl stop openvswitch-switch\n```\n"),
    (
        Unpredicted,
        3,
        "```yaml\n- service:\n    name: openvswitch-switch\n    state: stopped\n```\n",
    ),
    (
        Unpredicted,
        2,
        "```python\nsubprocess.run(['ovs-vsctl', 'del-br', 'br-ex'])\n```\n",
    ),
];

const CLOUD_INIT: &[Case] = &[
    (
        COMPUTE,
        3,
        "#cloud-config\nruncmd:\n  - ovs-vsctl del-br br-ex\n",
    ),
    (
        COMPUTE,
        3,
        "#cloud-config\nbootcmd:\n  - [ovs-vsctl, del-br, br-ex]\n",
    ),
    (
        COMPUTE,
        2,
        "#cloud-config\nruncmd: [[sh, -c, \"ovs-vsctl del-br br-ex\"]]\n",
    ),
    (
        COMPUTE,
        4,
        "#cloud-config\nruncmd:\n  - |\n    ovs-vsctl del-br br-ex\n",
    ),
    (
        COMPUTE,
        2,
        "#cloud-config\r\nruncmd: [\"ovs-vsctl del-br br-ex\"]\r\n",
    ),
    (
        Unpredicted,
        4,
        "## template: jinja\n#cloud-config\nruncmd:\n  - ovs-vsctl del-br {{ v1.name }}\n",
    ),
    (
        Unpredicted,
        3,
        "#cloud-config\nwrite_files:\n  - path: /etc/openvswitch/conf.db\n    content: x\n",
    ),
    (
        Unpredicted,
        2,
        "#cloud-config\npackages: [openvswitch-switch]\n",
    ),
    (
        Unpredicted,
        2,
        "#cloud-config\npower_state: {mode: reboot}\n",
    ),
    (
        Unpredicted,
        2,
        "#cloud-config\nansible: {pull: {url: http://x/, playbook_name: x.yml}}\n",
    ),
    (
        Refused,
        2,
        "#cloud-config\nruncmd: ovs-vsctl del-br br-ex\n",
    ),
    (Refused, 2, "#cloud-config\n- ovs-vsctl del-br br-ex\n"),
];

const PIPELINES: &[Case] = &[
    (
        COMPUTE,
        1,
        "jobs: {x: {steps: [{run: ovs-vsctl del-br br-ex}]}}\n",
    ),
    (
        COMPUTE,
        5,
        "jobs:\n  x:\n    steps:\n      - run: |\n          ovs-vsctl del-br br-ex\n",
    ),
    (
        COMPUTE,
        2,
        "deploy:\n  script: [[ovs-vsctl del-br br-ex], ovs-vsctl show]\n",
    ),
    (
        COMPUTE,
        2,
        "x:\n  before_script: ovs-vsctl del-br br-ex\n  script: [ovs-vsctl show]\n",
    ),
    (
        Unpredicted,
        1,
        "jobs: {x: {steps: [{uses: some/action@v1}]}}\n",
    ),
    (
        Unpredicted,
        1,
        "jobs: {x: {steps: [{run: 'ovs-vsctl del-br ${{ inputs.bridge }}'}]}}\n",
    ),
    (
        Unpredicted,
        1,
        "jobs: {x: {if: x, steps: [{run: ovs-vsctl del-br br-ex}]}}\n",
    ),
    (
        Unpredicted,
        1,
        "jobs: {x: {steps: [{run: x, shell: python}]}}\n",
    ),
    (Unpredicted, 2, "x:\n  script: !reference [.y, script]\n"),
    (
        Unpredicted,
        1,
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{command: [ovs-vsctl, del-br, br-ex]}]}\n",
    ),
];

/// What `plan` says of a script, as its exit code and JSON, or as why it is none.
fn plan(directory: &Scratch, file: &str, text: &str) -> Result<(u8, Value), String> {
    directory.write(file, text);
    let path = directory.path().join(file);
    let script = path.to_string_lossy();
    let arguments = [
        "ovnlint",
        "plan",
        "--format",
        "json",
        SITE,
        "--node",
        "os-compute1",
        "--script",
        &script,
    ];
    let arguments = Arguments::try_parse_from(arguments).expect("the arguments are right");
    let surroundings = Surroundings {
        directory: PathBuf::from(env!("CARGO_MANIFEST_DIR")),
        ..Surroundings::default()
    };
    let outcome = cli::run(arguments, &surroundings).map_err(|trouble| trouble.to_string())?;
    let answer = serde_json::from_str(&outcome.text).expect("the report is JSON");
    Ok((outcome.code, answer))
}

/// What is wrong with what is said of a case; none where it is right.
fn wrong(directory: &Scratch, file: &str, case: &Case) -> Option<String> {
    let (told, line, text) = case;
    let (code, answer) = match (plan(directory, file, text), told) {
        (Err(why), Refused) => {
            let is_there = why.contains(&format!("{file}:{line}:"));
            return (!is_there).then_some(why);
        }
        (Err(why), _) => return Some(why),
        (Ok(_), Refused) => return Some("it is accepted".to_owned()),
        (Ok(answer), _) => answer,
    };
    let findings = answer["findings"].as_array().expect("findings");
    let is_told = |finding: &&Value| {
        let node = |name: &str| {
            finding["nodes"]
                .as_array()
                .is_some_and(|nodes| nodes.contains(&name.into()))
        };
        match told {
            Cuts(name) => finding["lint"] == "change_cuts_management" && node(name),
            Unpredicted => finding["lint"] == "change_unpredicted",
            Refused => false,
        }
    };
    let mut lines = findings
        .iter()
        .filter(is_told)
        .map(|finding| &finding["places"][0]["line"]);
    let is_there = lines.any(|found| found == line);
    (code != 1 || !is_there).then(|| format!("exit {code}, {findings:#?}"))
}

fn all(name: &str, file: &str, cases: &[Case]) {
    let directory = Scratch::new(name);
    let wrong = cases.iter().filter_map(|case| {
        let why = wrong(&directory, file, case)?;
        Some(format!(
            "{:?} in line {} of {:?}: {why}",
            case.0, case.1, case.2
        ))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(
        wrong.is_empty(),
        "{} of {} are wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn no_task_of_ansible_hides_a_command() {
    all("hidden-tasks", "change.yml", ANSIBLE);
}

#[test]
fn no_block_of_markdown_hides_a_command() {
    all("hidden-blocks", "change.md", MARKDOWN);
}

#[test]
fn no_key_of_cloud_init_hides_a_command() {
    all("hidden-keys", "user-data", CLOUD_INIT);
    all("hidden-keys-of-yaml", "user-data.yaml", CLOUD_INIT);
}

#[test]
fn no_step_of_a_pipeline_hides_a_command() {
    all("hidden-steps", "pipeline.yml", PIPELINES);
}

/// What touches nothing of a site stays so: nothing is told.
#[test]
fn what_is_harmless_is_not_told() {
    let directory = Scratch::new("harmless-tasks");
    let text = "\
- hosts: os-compute1
  gather_facts: true
  vars: {bridge: br-ex}
  tasks:
    - name: Look
      ansible.builtin.command: ovs-vsctl show
      register: shown
      changed_when: false
    - ansible.builtin.assert: {that: [shown.rc == 0]}
    - set_fact: {x: \"{{ lookup('file', 'x') }}\"}
    - copy: {src: notes, dest: /root/notes}
    - service: {name: openvswitch-switch, enabled: true}
    - ansible.builtin.wait_for: port=22
    - openvswitch_db: {table: Bridge, record: br-ex, col: fail_mode, state: read}
    - uri: {url: http://x/}
    - apt: update_cache=yes
    - command: ovs-vsctl list-br
      loop: []
";
    let (code, answer) = plan(&directory, "look.yml", text).expect("it is a playbook");
    assert_eq!((code, &answer["findings"]), (0, &Value::Array(Vec::new())));
    let text = "#cloud-config\nusers: [default]\nwrite_files: [{path: /root/x, content: y}]\nruncmd: [ovs-vsctl show]\n";
    let (code, answer) = plan(&directory, "user-data", text).expect("it is a cloud-config");
    assert_eq!((code, &answer["findings"]), (0, &Value::Array(Vec::new())));
}
