//! What counts as a secret, and what stays readable.

use crate::report::secrets::{Masked, is_secret, mask};

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
    for name in "OS_PASSWORD --os-password MYSQL_PASS auth_token psk".split(' ') {
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

#[test]
fn hostile_input_takes_linear_time() {
    for piece in [
        "://",
        "password=",
        "psk\"",
        "@://",
        "password ",
        "\\",
        "password\n ",
        "connection::",
    ] {
        let text = piece.repeat(2_000_000 / piece.len());
        let begin = std::time::Instant::now();
        let masked = Masked::new(text.as_str());
        assert!(masked.hidden.len() <= text.len());
        assert!(begin.elapsed().as_secs() < 10, "{piece:?}");
    }
}
