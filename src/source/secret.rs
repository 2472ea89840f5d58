//! Which names say that their value is a secret.

/// Names whose values are secret: the options that Neutron registers so, their older names, and `psk`, the key of an
/// encrypted tunnel in `Interface options` (ovs-vswitchd.conf.db(5)). More names are known by how they end.
const NAMES: [&str; 9] = [
    "asyncio_connection",
    "asyncio_slave_connection",
    "authorization",
    "backend_argument",
    "connection",
    "slave_connection",
    "sql_connection",
    "token",
    "tokens",
];

/// How the names of secrets end, whatever stands before: `dbpass`, `adminpw`, `ipsec_psk`, `aws_secret_access_key`.
/// A key is one only behind a word that says so: `tunnel_key` and `private_key`, a path, are none.
const ENDINGS: [&str; 49] = [
    "_authorization",
    "_token",
    "access_key",
    "account_key",
    "api_keys",
    "api_key",
    "apikeys",
    "apikey",
    "auth_key",
    "basic_auth",
    "credential",
    "credentials",
    "crypt_key",
    "encryption_key",
    "encryption_keys",
    "erlang_cookie",
    "fernet_key",
    "fernet_keys",
    "heartbeat_key",
    "hmac_key",
    "hmac_keys",
    "http_auth",
    "masterauth",
    "master_key",
    "pass",
    "passcode",
    "passphrase",
    "passphrases",
    "passwd",
    "passwds",
    "password",
    "passwords",
    "password_hash",
    "pw",
    "pwd",
    "presharedkey",
    "proxy_auth",
    "psk",
    "psks",
    "registry_auth",
    "secret",
    "secretkey",
    "secrets",
    "secret_key",
    "server_auth",
    "shared_key",
    "signing_key",
    "snmp_community",
    "transport_url",
];

/// Words that end like a secret's name and are none.
const OTHERS: [&str; 6] = [
    "allow_credentials",
    "bypass",
    "compass",
    "encompass",
    "surpass",
    "trespass",
];

/// Whether the value of this option, key or column is a secret.
pub fn is_secret(name: &str) -> bool {
    // `password2` is as secret as `password`.
    let numbered = name.trim_end_matches(|character: char| character.is_ascii_digit());
    let name = numbered.trim_matches(['-', '_']).as_bytes();
    NAMES.iter().any(|known| same_word(name, known))
        || (ENDINGS.iter().any(|ending| ends_with(name, ending))
            && !OTHERS.iter().any(|other| ends_with(name, other)))
}

fn ends_with(name: &[u8], ending: &str) -> bool {
    let start = name.len().checked_sub(ending.len());
    start
        .and_then(|start| name.get(start..))
        .is_some_and(|end| same_word(end, ending))
}

/// Environment variables and flags spell the same names `OS_PASSWORD` and `--os-password`.
fn same_word(name: &[u8], known: &str) -> bool {
    let same = |(&byte, known): (&u8, u8)| {
        byte.eq_ignore_ascii_case(&known) || (byte == b'-' && known == b'_')
    };
    name.len() == known.len() && name.iter().zip(known.bytes()).rev().all(same)
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn what_ends_like_a_secret_is_one() {
        for name in "adminpw dbpass apikey ipsec_psk preshared_key pre_shared_key encryption_key heartbeat_key \
                     access_key aws_secret_access_key secret_access_key credential credentials passwords secrets \
                     server_auth admin-pass NEUTRON_DB_PASS SSHPASS RABBITMQ_ERLANG_COOKIE userPassword X-Auth-Token \
                     X-Api-Key Authorization metadata_proxy_shared_secret PGPASSWORD vrrp_auth_pass"
            .split_whitespace()
        {
            assert!(is_secret(name), "{name}");
        }
    }

    #[test]
    fn what_operators_need_is_none() {
        for name in "private_key ovn_nb_private_key key tunnel_key in_key out_key remote_ip ovn-remote ovn-encap-ip \
                     ct-zone-x cookie bypass stt_bypass ssl_key_file key_file keyfile certificate ca_cert ssl_ca_cert_file \
                     ovn_sb_connection ovsdb_connection auth_url auth_type auth_strategy www_authenticate_uri token_bind \
                     public_key dhcp_lease_duration pw_file password_file pass_through keystone_authtoken"
            .split_whitespace()
        {
            assert!(!is_secret(name), "{name}");
        }
    }
}
