//! The one list of Ansible's modules: those that are followed, and those that reach nothing of a site, with the reason.

/// What a module is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Module {
    /// It runs a command.
    Program(Program),
    /// It starts and stops services.
    Service,
    /// `openvswitch_bridge`
    Bridge,
    /// `openvswitch_port`, `openvswitch_bond`
    Port,
    /// `openvswitch_db`
    Database,
    /// It starts and stops containers.
    Container,
    /// `reboot`
    Reboot,
    /// It writes or removes files.
    File,
    /// It installs and removes packages.
    Package,
    /// `uri`
    Request,
    /// It brings in tasks from elsewhere.
    Brings,
    /// It reaches nothing of a site: why.
    Harmless(&'static str),
}

/// How a command is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Split into words, and no more.
    Words,
    /// By a shell.
    Shell,
    /// A file of the machine that Ansible was started on.
    File,
    /// In a container.
    Container,
    /// In a pod.
    Pod,
}

struct ModuleRow {
    /// The collections that have them, set apart by blanks. `ansible.legacy` is `ansible.builtin`.
    collections: &'static str,
    /// Their names, set apart by blanks.
    names: &'static str,
    module: Module,
}

const fn builtin(names: &'static str, module: Module) -> ModuleRow {
    ModuleRow {
        collections: "ansible.builtin",
        names,
        module,
    }
}

const fn row(collections: &'static str, names: &'static str, module: Module) -> ModuleRow {
    ModuleRow {
        collections,
        names,
        module,
    }
}

const PLAY: Module = Module::Harmless("it concerns the play alone");
const READS: Module = Module::Harmless("it only reads");
const USERS: Module = Module::Harmless("it concerns people and their keys");
const SOURCES: Module = Module::Harmless("it says where packages come from, and installs none");
const OPENVSWITCH: &str = "openvswitch.openvswitch community.network";

const ROWS: [ModuleRow; 31] = [
    builtin("command", Module::Program(Program::Words)),
    builtin("expect", Module::Program(Program::Words)),
    builtin("shell raw", Module::Program(Program::Shell)),
    builtin("script", Module::Program(Program::File)),
    builtin("service systemd systemd_service sysvinit", Module::Service),
    builtin("reboot", Module::Reboot),
    builtin("package apt dnf dnf5 yum", Module::Package),
    builtin(
        "file copy template lineinfile blockinfile replace assemble get_url git subversion unarchive",
        Module::File,
    ),
    row(
        "community.general",
        "ini_file archive xml toml_file",
        Module::File,
    ),
    row("ansible.posix", "synchronize", Module::File),
    builtin("uri", Module::Request),
    builtin(
        "include_tasks import_tasks include_role import_role",
        Module::Brings,
    ),
    builtin(
        "debug assert fail pause wait_for wait_for_connection meta ping set_fact set_stats add_host group_by \
         async_status validate_argument_spec",
        PLAY,
    ),
    builtin(
        "stat find slurp fetch getent setup gather_facts package_facts service_facts mount_facts include_vars",
        READS,
    ),
    row(
        "community.general",
        "listen_ports_facts read_csv snap_info",
        READS,
    ),
    row(
        "community.docker",
        "docker_container_info docker_image_info docker_host_info",
        READS,
    ),
    row(
        "containers.podman",
        "podman_container_info podman_image_info",
        READS,
    ),
    row("kubernetes.core", "k8s_info", READS),
    row(
        "openstack.cloud",
        "auth networks_info port_info routers_info subnets_info server_info resource_info catalog_service_info",
        READS,
    ),
    builtin("user group known_hosts", USERS),
    row("ansible.posix", "authorized_key", USERS),
    row("community.crypto", "openssh_keypair", USERS),
    builtin(
        "tempfile",
        Module::Harmless("it makes a file of a new name"),
    ),
    builtin(
        "apt_key apt_repository deb822_repository rpm_key yum_repository",
        SOURCES,
    ),
    row(
        "community.general",
        "timezone locale_gen",
        Module::Harmless("it says how times and texts are shown"),
    ),
    row(OPENVSWITCH, "openvswitch_bridge", Module::Bridge),
    row(
        OPENVSWITCH,
        "openvswitch_port openvswitch_bond",
        Module::Port,
    ),
    row(OPENVSWITCH, "openvswitch_db", Module::Database),
    row(
        "community.docker containers.podman",
        "docker_container podman_container",
        Module::Container,
    ),
    row(
        "community.docker containers.podman",
        "docker_container_exec podman_container_exec",
        Module::Program(Program::Container),
    ),
    row("kubernetes.core", "k8s_exec", Module::Program(Program::Pod)),
];

/// What a module is, by its name with or without a collection; none where it is not known.
pub fn of(name: &str) -> Option<&'static Module> {
    let (collection, base) = match name.rsplit_once('.') {
        Some((collection, base)) => (Some(collection), base),
        None => (None, name),
    };
    let has = |words: &str, wanted: &str| words.split_whitespace().any(|word| word == wanted);
    let is_from = |row: &ModuleRow| match collection {
        None => true,
        Some("ansible.legacy") => row.collections == "ansible.builtin",
        // What is Ansible's own now was once of this collection.
        Some("community.general") => {
            has(row.collections, "community.general") || row.collections == "community.docker"
        }
        Some(collection) => has(row.collections, collection),
    };
    let found = ROWS.iter().find(|row| has(row.names, base) && is_from(row));
    found.map(|row| &row.module)
}

/// The names of all modules that are known, without their collections.
#[cfg(test)]
pub fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().flat_map(|row| row.names.split_whitespace())
}
