//! Modules that write files, install packages and send requests.

use crate::read::script::idle;

use super::Tasks;
use super::task::Action;
use super::template::Item;

impl Tasks<'_, '_> {
    /// `copy`, `template`, `file` and their like: which file they write or remove.
    pub fn file(&mut self, action: &Action, item: &Item) {
        let path = self.word(action, &["dest", "path", "name"], item);
        match path {
            Some(path) if path.unknown.is_none() && idle::is_idle(&path.text) => {
                self.reader.harmless(action.span, idle::IDLE);
            }
            _ => self.unfollowed(
                action,
                "writes or removes what something that runs may read",
            ),
        }
    }

    /// What is installed or removed restarts services, and which is not known.
    pub fn package(&mut self, action: &Action) {
        let changes = |name: &str| {
            !matches!(
                name,
                "update_cache" | "cache_valid_time" | "state" | "update_cache_retries" | "list"
            )
        };
        if action.arguments.names().any(changes) {
            self.unfollowed(
                action,
                "may restart the services of what it installs or removes",
            );
        } else {
            self.reader
                .harmless(action.span, "it only reads which packages there are");
        }
    }

    /// A request that only asks changes nothing.
    pub fn request(&mut self, action: &Action, item: &Item) {
        let method = self.word(action, &["method"], item);
        let asks = method.is_none_or(|method| {
            let verb = method.text.to_ascii_uppercase();
            method.unknown.is_none() && matches!(verb.as_str(), "GET" | "HEAD" | "OPTIONS")
        });
        if asks {
            self.reader.harmless(action.span, "it only asks");
        } else {
            self.unfollowed(action, "sends something that is not looked at");
        }
    }
}
