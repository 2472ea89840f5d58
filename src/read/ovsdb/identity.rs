//! Who a state of Open vSwitch says that it is.

use super::{Database, SchemaName};

impl Database {
    /// The `hostname` of `Open_vSwitch.external_ids`, else its `system-id`; `None` where the database is no node's or
    /// says neither.
    pub fn identity(&self) -> Option<String> {
        self.external_id("hostname")
            .or_else(|| self.external_id("system-id"))
    }

    /// The value of a key of `Open_vSwitch.external_ids`, where it is not empty.
    pub fn external_id(&self, key: &str) -> Option<String> {
        if self.schema != SchemaName::OpenVswitch {
            return None;
        }
        let row = self.tables.get("Open_vSwitch")?.rows.first()?;
        let ids = self.map("Open_vSwitch", row, "external_ids");
        let value = &ids.seen()?.get(key)?.value;
        (!value.is_empty()).then(|| value.value.clone())
    }
}

/// Whether two names are one host's: they are equal, or one is the other with its domain.
pub fn is_same_host(one: &str, other: &str) -> bool {
    let with_domain = |long: &str, short: &str| {
        long.strip_prefix(short)
            .is_some_and(|domain| domain.is_empty() || domain.starts_with('.'))
    };
    !one.is_empty() && !other.is_empty() && (with_domain(one, other) || with_domain(other, one))
}
