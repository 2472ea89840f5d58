//! Names for rows in a command line: `@port`.

use crate::read::ovsdb::datum::Uuid;

use super::super::schema::Strength;
use super::{Symbol, Transaction};

impl Transaction<'_> {
    /// The identity behind `@name`, made up when it is first heard of.
    pub fn symbol(&mut self, name: &str) -> Uuid {
        if let Some(symbol) = self.symbols.get(name) {
            return symbol.uuid;
        }
        let uuid = self.store.fresh();
        let symbol = Symbol {
            uuid,
            created: false,
        };
        self.symbols.insert(name.to_owned(), symbol);
        uuid
    }

    /// Names a row. `existing` is the row where there is one already.
    pub fn define(&mut self, name: &str, existing: Option<Uuid>) -> Result<Uuid, String> {
        if !name.starts_with('@') {
            return Err(format!("row id \"{name}\" does not begin with \"@\""));
        }
        let known = self.symbols.get(name).copied();
        if known.is_some_and(|symbol| symbol.created) {
            return Err(format!(
                "row id \"{name}\" may only be specified on one --id option"
            ));
        }
        let uuid = match (known, existing) {
            (Some(_), Some(_)) => {
                return Err(format!(
                    "row id \"{name}\" specified on \"get\" command was used before it was defined"
                ));
            }
            (Some(symbol), None) => symbol.uuid,
            (None, Some(uuid)) => uuid,
            (None, None) => self.store.fresh(),
        };
        let symbol = Symbol {
            uuid,
            created: true,
        };
        self.symbols.insert(name.to_owned(), symbol);
        Ok(uuid)
    }

    /// The tools end with a failed assertion when they write to a record that they deleted.
    pub fn check_sound(&self) -> Result<(), String> {
        if self.broken {
            return Err("the program fails: it writes to a record that it deleted".to_owned());
        }
        Ok(())
    }

    /// Whether every `@name` was created.
    pub fn check_symbols(&self) -> Result<(), String> {
        let missing = self.symbols.iter().find(|(_, symbol)| !symbol.created);
        missing.map_or(Ok(()), |(name, _)| {
            Err(format!(
                "row id \"{name}\" is referenced but never created (e.g. with \"-- --id={name} create ...\")"
            ))
        })
    }

    /// Gives identities to the `@names` of a value.
    pub fn resolver(&mut self) -> impl FnMut(&str, Option<Strength>) -> Uuid {
        |name: &str, _| self.symbol(name)
    }
}
