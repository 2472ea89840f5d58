//! What counts as a secret, and what stays readable.

use crate::report::secrets::{Masked, mask};
use crate::source::secret::is_secret;

fn shown(text: &str) -> String {
    let masked = Masked::new(text);
    masked
        .characters(0..text.len())
        .map(|(_, character)| character)
        .collect()
}

#[test]
fn every_option_that_neutron_registers_as_secret_is_known() {
    // The options with `secret=True` in Neutron and its libraries (neutron_options.json), with their older names.
    for name in "ha_vrrp_auth_password metadata_proxy_shared_secret transport_url backend_argument \
                 memcache_password password redis_password asyncio_connection asyncio_slave_connection \
                 connection slave_connection admin_password memcache_secret_key ssl_key_password hmac_keys \
                 sql_connection notification_transport_url"
        .split_whitespace()
    {
        assert!(is_secret(name), "{name}");
    }
    for name in "OS_PASSWORD --os-password MYSQL_PASS auth_token psk MYSQL_PWD PWD admin_pw neutron-user-pw pw \
                 db_passwd keypassphrase --token admin_password2"
        .split_whitespace()
    {
        assert!(is_secret(name), "{name}");
    }
}

#[test]
fn what_lints_speak_of_stays_readable() {
    for text in [
        "ovn_nb_connection = tcp:192.0.2.10:6641",
        "ovsdb_connection = tcp:127.0.0.1:6640",
        "connection_mode : in-band",
        "ssl_key_file = /etc/neutron/key.pem",
        "[keystone_authtoken]",
        "memcache_pool_connection_get_timeout = 10",
        "enforce_token_bind = permissive",
        "tenant_network_types = geneve",
        "auth_url = http://192.0.2.10:5000/v3",
        "OVS_CTL_OPTS=\"--no-mlockall --ovs-user=openvswitch\"",
        "ExecStart=/usr/sbin/ovs-vswitchd unix:db.sock \\\n    --mlockall --pidfile",
        "enforce_password_policy yes\nverbose\n= true",
        "external_ids : {hostname=os-compute, ovn-remote=\"tcp:192.0.2.10:6642\"}",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn option_values_and_their_continuations_are_hidden() {
    let text = "[DEFAULT]\npassword = hunter2 b\n\n  more\n# note\n  last\nverbose = true\n";
    assert_eq!(
        shown(text),
        "[DEFAULT]\npassword = *********\n\n  ****\n# note\n  ****\nverbose = true\n"
    );
    assert_eq!(
        shown("#password: x\n;admin_password=yz"),
        "#password: *\n;admin_password=**"
    );
    assert_eq!(
        shown("a=1\rpassword = b c\rd=2"),
        "a=1\rpassword = ***\rd=2"
    );
    assert_eq!(
        shown("a=1\r\npassword = b c\r\n  d\r\ne=2"),
        "a=1\r\npassword = ***\r\n  *\r\ne=2"
    );
    assert_eq!(shown("\u{feff}password = b"), "\u{feff}password = *");
}

#[test]
fn a_malformed_line_hides_what_follows_the_name() {
    assert_eq!(shown("password hunter2 b\n"), "password *********\n");
    assert_eq!(
        shown("# the password of the user"),
        "# the password of the user"
    );
}

#[test]
fn a_value_below_its_name_is_hidden() {
    assert_eq!(
        shown("password\n\n# note\n= hunter2-j\nx = y\n"),
        "password\n\n# note\n= *********\nx = y\n"
    );
    assert_eq!(
        shown("password\r\n:\r\nhunter2\r\nhunter3"),
        "password\r\n:\r\n*******\r\nhunter3"
    );
    assert_eq!(
        shown("password =\n\"a=b\"\npassword =\n[ovs]\npassword =\n\"x\" = 1\npassword =\nx = 1\n"),
        "password =\n*****\npassword =\n[ovs]\npassword =\n\"x\" = 1\npassword =\nx = 1\n"
    );
    assert_eq!(shown("password\ntoken\n= b"), "password\n*****\n= *");
    assert_eq!(
        shown("[\n  \"psk\",\n  \"a:b\"\n]\n"),
        "[\n  \"psk\"*\n  *****\n]\n"
    );
    // Stock files list options that are empty by default in comments.
    assert_eq!(
        shown("#password =\nverbose\n# Which users"),
        "#password =\nverbose\n# Which users"
    );
}

#[test]
fn strings_over_several_lines_are_hidden() {
    assert_eq!(
        shown("password = \"\"\"\nhunter2\n\n# a\\\"\"\" b\n\"\"\" # end\nx = 1\n"),
        "password = ***\n*******\n\n*********\n\"\"\" # end\nx = 1\n"
    );
    assert_eq!(
        shown("x.token='''a\r\nb\\'''\r\ny = '''c'''"),
        "x.token='''*\r\n**'''\r\ny = '''c'''"
    );
    assert_eq!(
        shown("a = { psk = \"\"\"\nb\n\"\"\", psk = \"c\" }\nd"),
        "a = { psk = \"\"\"\n*\n\"\"\", psk = \"*\" }\nd"
    );
    assert_eq!(
        shown("# password = '''\n# a\n# ''' b\n# c\n#password='''\nd"),
        "# password = ***\n***\n**''' b\n# c\n#password=***\nd"
    );
    assert_eq!(
        shown("OS_PASSWORD='a\\\nb' X=c\nexport PASSWORD=\"d\ne\"\nf"),
        "OS_PASSWORD=***\n*' X=c\nexport PASSWORD=\"*\n*\"\nf"
    );
    // In an ini file a quote is a character like others.
    assert_eq!(shown("password = \"a\nx\n"), "password = **\nx\n");
}

#[test]
fn values_on_a_command_line_are_hidden() {
    for (text, expected) in [
        ("FOO=\"--password hunter3\"", "FOO=\"--password *******\""),
        (
            "FOO='-v --os-password \"a b\" --x'",
            "FOO='-v --os-password \"***\" --x'",
        ),
        (
            "ExecStart=/x --token a,b --y",
            "ExecStart=/x --token *** --y",
        ),
        ("x --password --token a b", "x --password ******* * b"),
        ("x --password --token=a b", "x --password ********* b"),
        (
            "ExecStart=/x --password \\\n    a \\\n    --y",
            "ExecStart=/x --password \\\n    ***\n    --y",
        ),
        (
            "/x \\\n    --password \\\n    a \\\n    --y",
            "/x \\\n    --password *\n    ***\n    --y",
        ),
        (
            "X=1 OS_PASSWORD=a\\\nb\\\nc\nd",
            "X=1 OS_PASSWORD=**\n**\n*\nd",
        ),
        (
            "Environment=\"OS_PASSWORD=a b\" X=c",
            "Environment=\"OS_PASSWORD=***\" X=c",
        ),
        (
            "export OS_PASSWORD=a,b'c'\"d e\" X=f",
            "export OS_PASSWORD=*********** X=f",
        ),
        (
            "export MYSQL_PWD='a'\"b c\" X=d",
            "export MYSQL_PWD='******* X=d",
        ),
    ] {
        assert_eq!(shown(text), expected);
    }
    // In prose a flag is followed by words.
    assert_eq!(
        mask("the flag --password is unknown", &[]),
        "the flag --password is unknown"
    );
}

#[test]
fn values_inside_a_line_are_hidden() {
    assert_eq!(
        shown("options : {psk=swordfish, remote_ip=\"198.51.100.2\"}"),
        "options : {psk=*********, remote_ip=\"198.51.100.2\"}"
    );
    assert_eq!(
        shown(r#"["map",[["psk","sword\"fish"],["a","b"]]]"#),
        r#"["map",[["psk","***********"],["a","b"]]]"#
    );
    assert_eq!(
        shown(r#"{\"psk\":\"swordfish\"}"#),
        r#"{\"psk\":\"**********"}"#
    );
    assert_eq!(
        shown("\"{psk=\"\"sword, fish\"\", a=b}\",\"{psk=swordfish}\",c"),
        "\"{psk=\"\"***********\"\", a=b}\",\"{psk=*********}\",c"
    );
    assert_eq!(
        shown("openstack --os-password=abc list"),
        "openstack --os-password=*** list"
    );
    assert_eq!(
        shown("Environment=OS_PASSWORD=abc"),
        "Environment=OS_PASSWORD=***"
    );
}

#[test]
fn userinfo_of_urls_is_hidden() {
    assert_eq!(
        mask(
            "`mysql+pymysql://neutron:pa/ss@192.0.2.1/neutron` is wrong",
            &[]
        ),
        "`mysql+pymysql://***@192.0.2.1/neutron` is wrong"
    );
    assert_eq!(
        mask("rabbit://a:b@h1,c:d@h2:5672//", &[]),
        "rabbit://***@h2:5672//"
    );
    assert_eq!(
        mask("http://192.0.2.1:9696 and me@example.org", &[]),
        "http://192.0.2.1:9696 and me@example.org"
    );
    assert_eq!(shown("x = amqp://u:p@h"), "x = amqp://***@h");
    assert_eq!(shown("é\u{2003}x://u@h"), "é\u{2003}x://*@h");
}

#[test]
fn messages_lose_the_secrets_of_their_places() {
    assert_eq!(mask("`hunter2` is short", &["hunter2"]), "`***` is short");
    assert_eq!(mask("br-int has no br", &["br"]), "br-int has no ***");
    assert_eq!(
        mask("password=abc, password: not set", &[]),
        "password=***, password: not set"
    );
}

/// What is opened again and again, and never closed. How long that takes is measured in benches/.
#[test]
fn hostile_input_is_hidden_within_its_lines() {
    for piece in [
        "://",
        "password=",
        "psk\"",
        "@://",
        "password ",
        "\\",
        "password\n ",
        "connection::",
        "password=\"\"\"\n",
        "password='a\n",
        "--token -\"x'",
        "--token=--token ",
        "--token ",
        "psk=a\"b,'",
        "psk=,\"'",
        "password\n",
        "password=\\\n",
        "\"psk=",
        "mysql -p",
        "sshpass -p\\\n",
        "echo a | sudo -S ",
        "-----BEGIN PRIVATE KEY-----\n",
        "authorization:",
        "bearer A",
    ] {
        let text = piece.repeat(20_000 / piece.len());
        let masked = Masked::new(text.as_str());
        let ordered = masked
            .hidden
            .windows(2)
            .all(|two| two[0].end < two[1].start);
        let within = masked
            .hidden
            .iter()
            .all(|range| !text[range.clone()].contains('\n'));
        assert!(ordered && within, "{piece:?}");
    }
}

#[test]
fn passwords_of_programs_are_hidden() {
    for (text, expected) in [
        (
            "sshpass -p S3kr1t ssh -p 22 n1",
            "sshpass -p ****** ssh -p 22 n1",
        ),
        (
            "mysql -u root -pS3kr1t x; mkdir -p /x",
            "mysql -u root -p****** x; mkdir -p /x",
        ),
        (
            "docker login -u u -p S3kr1t r && docker run -p 1:1 x",
            "docker login -u u -p ****** r && docker run -p 1:1 x",
        ),
        (
            "curl -u admin:S3kr1t http://h/ -o x",
            "curl -u admin:****** http://h/ -o x",
        ),
        ("echo S3kr1t | sudo -S ls", "echo ****** | sudo -S ls"),
        ("sudo -S ls <<<S3kr1t", "sudo -S ls <<<******"),
        (
            "[\"sshpass\", \"-p\", \"S3kr1t\", \"ssh\"]",
            "[\"sshpass\", \"-p\", \"******\", \"ssh\"]",
        ),
        (
            "crudini --set f DEFAULT admin_pw S3kr1t",
            "crudini --set f DEFAULT admin_pw ******",
        ),
    ] {
        assert_eq!(shown(text), expected);
    }
    for text in [
        "ssh -p 22 n1",
        "mysql -p neutron",
        "echo a | tee b",
        "ldapsearch -s sub",
        "it doesn't matter, mysql -p",
        "sudo -E ls",
        "/etc//getty@tty1",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn private_keys_are_hidden_and_certificates_are_not() {
    let text = "key: |\n  -----BEGIN EC PRIVATE KEY-----\n  MHc\n  AQ==\n  -----END EC PRIVATE KEY-----\nx = 1\n";
    assert_eq!(
        shown(text),
        "key: |\n  -----BEGIN EC PRIVATE KEY-----\n  ***\n  ****\n  -----END EC PRIVATE KEY-----\nx = 1\n"
    );
    let public = "-----BEGIN CERTIFICATE-----\nMHc\n-----END CERTIFICATE-----\n";
    assert_eq!(shown(public), public);
}
